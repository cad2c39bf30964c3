import { IS_REPEAT, LENGTH, OFFSET, REPEAT_LENGTH } from "../../assembly/unpack/format.ts";
import { sameFrom } from "./matches.ts";
import {
  expectedByte,
  isMatch,
  nextHistory,
  type Token,
  writeByte,
  writeNumber,
} from "./tokens.ts";

/** The cheapest way found to a position: the last token of it, and what a next token's cost depends on. */
interface Way {
  readonly cost: number;
  readonly token: Token;
  readonly from: Way | undefined;
  readonly last: number;
  readonly history: number;
}

/**
 * The tokens of the least cost in bits. Of the ways to a position it keeps the cheapest whose last token is a byte, and the
 * cheapest whose last is a match, as only after a byte may an offset be repeated.
 */
export function cheapest(
  bytes: Uint8Array,
  matches: readonly (readonly Token[])[],
  costs: Float32Array,
): Token[] {
  const ways: [Way | undefined, Way | undefined][] = Array.from(
    { length: bytes.length + 1 },
    () => [undefined, undefined],
  );
  const priced = prices(bytes, costs);
  const start = { cost: 0, token: { offset: 0, length: 0 }, from: undefined, last: 0, history: 0 };
  (ways[0] as [Way, undefined])[0] = start;
  for (let at = 0; at < bytes.length; at++) {
    for (const way of ways[at] as [Way | undefined, Way | undefined]) {
      if (way === undefined) continue;
      const { history, last } = way;
      const go = (offset: number, length: number, cost: number): void => {
        const kind = offset === 0 ? 0 : 1;
        const place = ways[at + length] as [Way | undefined, Way | undefined];
        const total = way.cost + cost;
        if (total >= (place[kind]?.cost ?? Number.POSITIVE_INFINITY)) return;
        place[kind] = {
          cost: total,
          token: { offset, length },
          from: way,
          last: kind === 0 ? last : offset,
          history: nextHistory(history, kind),
        };
      };
      const match = isMatch(bytes, at, history);
      const expected = expectedByte(bytes, at, history, last);
      go(0, 1, priced.of(match, 0) + priced.byte(at, expected));
      const afterByte = (history & 1) === 0;
      if (afterByte && last > 0) {
        const cost = priced.of(match, 1) + priced.of(IS_REPEAT + history, 1);
        const most = sameFrom(bytes, at - last, at);
        for (let length = 1; length <= most; length++) {
          go(last, length, cost + priced.number(REPEAT_LENGTH, length));
        }
      }
      const cost = priced.of(match, 1) + (afterByte ? priced.of(IS_REPEAT + history, 0) : 0);
      let shortest = 2;
      for (const { offset, length: most } of matches[at] as readonly Token[]) {
        if (offset === last) continue;
        const far = cost + priced.number(OFFSET, offset);
        for (let length = shortest; length <= most; length++) {
          go(offset, length, far + priced.number(LENGTH, length - 1));
        }
        shortest = most + 1;
      }
    }
  }
  return tokensOf(ways[bytes.length] as [Way | undefined, Way | undefined]);
}

function tokensOf([afterByte, afterMatch]: [Way | undefined, Way | undefined]): Token[] {
  const infinite = Number.POSITIVE_INFINITY;
  const tokens: Token[] = [];
  let way = (afterByte?.cost ?? infinite) < (afterMatch?.cost ?? infinite) ? afterByte : afterMatch;
  for (; way?.from !== undefined; way = way.from) tokens.push(way.token);
  return tokens.reverse();
}

/** What decisions cost, numbers as a whole. */
function prices(bytes: Uint8Array, costs: Float32Array) {
  const of = (context: number, bit: 0 | 1) => costs[2 * context + bit] as number;
  const known: Record<number, number[]> = { [OFFSET]: [], [LENGTH]: [], [REPEAT_LENGTH]: [] };
  const sum = (write: (decide: (context: number, bit: 0 | 1) => void) => void): number => {
    let cost = 0;
    write((context, bit) => {
      cost += of(context, bit);
    });
    return cost;
  };
  return {
    of,
    byte: (at: number, expected: number) => sum((decide) => writeByte(bytes, at, expected, decide)),
    number(contexts: number, value: number): number {
      const prices = known[contexts] as number[];
      prices[value] ??= sum((decide) => writeNumber(contexts, value, decide));
      return prices[value];
    },
  };
}
