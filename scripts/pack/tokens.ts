import {
  BYTES,
  EXPECTED,
  HISTORIES,
  IS_MATCH,
  IS_REPEAT,
  LENGTH,
  NUMBER_MANTISSA,
  OFFSET,
  REPEAT_LENGTH,
} from "../../assembly/unpack/format.ts";

/** A byte as it is (offset 0, length 1), or `length` bytes from `offset` before. */
export interface Token {
  readonly offset: number;
  readonly length: number;
}

/** Takes one decision: a bit of a context. */
export type Decide = (context: number, bit: 0 | 1) => void;

/** All decisions of the tokens, in the order in which the unpacker takes them. */
export function writeTokens(bytes: Uint8Array, tokens: readonly Token[], decide: Decide): void {
  let at = 0;
  let last = 0;
  let history = 0;
  for (const { offset, length } of tokens) {
    const match = isMatch(bytes, at, history);
    if (offset === 0) {
      decide(match, 0);
      writeByte(bytes, at, expectedByte(bytes, at, history, last), decide);
    } else {
      decide(match, 1);
      const repeats = offset === last;
      if ((history & 1) === 0) decide(IS_REPEAT + history, repeats ? 1 : 0);
      if (repeats) writeNumber(REPEAT_LENGTH, length, decide);
      else {
        writeNumber(OFFSET, offset, decide);
        writeNumber(LENGTH, length - 1, decide);
      }
      last = offset;
    }
    at += length;
    history = nextHistory(history, offset === 0 ? 0 : 1);
  }
}

/** The context of whether a match stands at a position. */
export function isMatch(bytes: Uint8Array, at: number, history: number): number {
  return IS_MATCH + byteContext(bytes, at) * HISTORIES + history;
}

export function nextHistory(history: number, match: 0 | 1): number {
  return ((history << 1) | match) & (HISTORIES - 1);
}

/** After a match, 256 more than the byte that it would have gone on with; otherwise 0. */
export function expectedByte(bytes: Uint8Array, at: number, history: number, last: number): number {
  return (history & 1) === 1 ? 256 | (bytes[at - last] as number) : 0;
}

export function writeByte(bytes: Uint8Array, at: number, expected: number, decide: Decide): void {
  const context = byteContext(bytes, at);
  const byte = 256 | (bytes[at] as number);
  for (let bit = 7; bit >= 0; bit--) {
    const next = expected >> bit;
    const known = byte >> (bit + 1);
    const fits = next >> 1 === known;
    decide(
      fits ? EXPECTED + ((context >> 4) << 9) + next : BYTES + (context << 8) + known,
      ((byte >> bit) & 1) as 0 | 1,
    );
  }
}

/** A number from 1. */
export function writeNumber(contexts: number, value: number, decide: Decide): void {
  const bits = 31 - Math.clz32(value);
  for (let bit = 0; bit < bits; bit++) decide(contexts + bit, 1);
  decide(contexts + bits, 0);
  const mantissa = contexts + NUMBER_MANTISSA + 8 * bits;
  for (let bit = bits - 1; bit >= 0; bit--) {
    const before = value >> (bit + 1);
    decide(mantissa + (before < 8 ? before : 0), ((value >> bit) & 1) as 0 | 1);
  }
}

function byteContext(bytes: Uint8Array, at: number): number {
  const previous = bytes[at - 1] ?? 0;
  const before = bytes[at - 2] ?? 0;
  return (before >= 0x20 && before <= 0x24) || before === 0x41 ? 256 + before : previous;
}
