import type { Token } from "./tokens.ts";

/** Places of the same two bytes that are looked at, nearest first. */
const LOOKS = 400;
/** Longest match; more is two. */
const LONGEST = 512;

/** What could be copied to each position: of matches from ever farther back, only those that are longer than all nearer. */
export function findMatches(bytes: Uint8Array): readonly (readonly Token[])[] {
  const latest = new Map<number, number>();
  const before = new Int32Array(bytes.length);
  return Array.from(bytes, (byte, at) => {
    if (at + 1 === bytes.length) return [];
    const pair = (byte << 8) | (bytes[at + 1] as number);
    before[at] = latest.get(pair) ?? -1;
    latest.set(pair, at);
    const found: Token[] = [];
    let longest = 1;
    let place = before[at] as number;
    for (let look = 0; look < LOOKS && place >= 0 && longest < LONGEST; look++) {
      const length =
        bytes[place + longest] === bytes[at + longest] ? sameFrom(bytes, place, at) : 0;
      if (length > longest) {
        found.push({ offset: at - place, length });
        longest = length;
      }
      place = before[place] as number;
    }
    return found;
  });
}

/** How many bytes from `a` are those from the later `b`. */
export function sameFrom(bytes: Uint8Array, a: number, b: number): number {
  const most = Math.min(bytes.length - b, LONGEST);
  let length = 0;
  while (length < most && bytes[a + length] === bytes[b + length]) length++;
  return length;
}
