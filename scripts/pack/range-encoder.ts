import { RANGE_BITS, SLOWEST } from "../../assembly/unpack/format.ts";

const FULL = 2 ** RANGE_BITS;
const DIGITS = 64;

/** Writes decisions, each at the cost that its context's probability gives it, as digits of six bits. */
export class RangeEncoder {
  readonly #states: Uint32Array;
  #low = 0;
  #range = FULL - 1;
  /** A digit that a carry may still change, and how many full ones follow it. */
  #held = 0;
  #full = 0;
  #text = "";

  constructor(contexts: number) {
    this.#states = new Uint32Array(contexts).fill(32768 << 8);
  }

  write(context: number, bit: 0 | 1): void {
    const state = this.#states[context] as number;
    const count = state & 255;
    const probability = state >>> 8;
    const rate = Math.floor((2 * 65536) / (2 * count + 3));
    const bound = (this.#range >>> 12) * (probability >>> 4);
    let next: number;
    if (bit === 1) {
      this.#range = bound;
      next = probability + Math.floor(((65536 - probability) * rate) / 65536);
    } else {
      this.#low += bound;
      this.#range -= bound;
      next = probability - Math.floor((probability * rate) / 65536);
    }
    this.#states[context] = (next << 8) | Math.min(count + 1, SLOWEST);
    while (this.#range < FULL / DIGITS) {
      this.#range *= DIGITS;
      this.#shift();
    }
  }

  finish(): string {
    for (let digit = 0; digit <= RANGE_BITS / 6; digit++) this.#shift();
    return this.#text;
  }

  #shift(): void {
    const carry = this.#low >= FULL ? 1 : 0;
    const digit = Math.floor(this.#low / (FULL / DIGITS)) % DIGITS;
    if (carry === 1 || digit < DIGITS - 1) {
      this.#text += digitOf(this.#held + carry);
      this.#text += digitOf(carry === 1 ? 0 : DIGITS - 1).repeat(this.#full);
      this.#held = digit;
      this.#full = 0;
    } else {
      this.#full++;
    }
    this.#low = (this.#low % (FULL / DIGITS)) * DIGITS;
  }
}

/** Characters from `(`, but none that JavaScript or HTML would have to escape: no `<`, backslash or backtick. */
function digitOf(digit: number): string {
  const code = 40 + digit;
  const escaped = [60, 92, 96].reduce((sum, forbidden) => (sum >= forbidden ? sum + 1 : sum), code);
  return String.fromCharCode(escaped);
}
