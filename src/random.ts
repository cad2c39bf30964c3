/**
 * Seeded random numbers: Philox4x32-10, a counter-based generator (Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). Every number is a pure function of (seed, stream, position),
 * so nothing has to be saved to resume, and streams never disturb each other.
 */
import { OptionError } from "./engine/errors.ts";

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const WORDS_PER_BLOCK = 4;
const TWO_32 = 4294967296;
const INVERSE_TWO_24 = 1 / 16777216;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers, by 16-bit halves, as a signed number. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // (2^16 - 1)^2 and two halves more are below 2^32: no sum carries, so 32 bits are enough.
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const cross = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/**
 * One block of Philox4x32-10.
 *
 * @param counter - four unsigned 32-bit words
 * @param key - two unsigned 32-bit words
 * @param output - receives four unsigned 32-bit words
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  output: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  output[0] = c0;
  output[1] = c1;
  output[2] = c2;
  output[3] = c3;
}

/** 32-bit FNV-1a hash of the UTF-8 bytes of `text`: turns the name of a stream into its number. */
export function hashStream(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A sequence of random numbers.
 *
 * Mapping to Philox4x32-10, for other implementations of the same sequence:
 * `key = [seed, stream]`, both unsigned 32-bit, a stream given as a string being hashed by
 * {@link hashStream}; `counter = [block low 32 bits, block high 32 bits, 0, 0]` with blocks counted
 * from 0; each block yields its four words in order.
 *
 * @throws {OptionError} if the seed or a numeric stream is no unsigned 32-bit integer
 */
export class Random {
  readonly #key: readonly [number, number];
  readonly #words = new Uint32Array(WORDS_PER_BLOCK);
  #block = 0;
  #next = WORDS_PER_BLOCK;

  constructor(seed: number, stream: string | number = 0) {
    this.#key = [
      checkUint32("seed", seed),
      typeof stream === "string" ? hashStream(stream) : checkUint32("stream", stream),
    ];
  }

  /** The next unsigned 32-bit integer. */
  uint32(): number {
    if (this.#next === WORDS_PER_BLOCK) {
      const low = this.#block >>> 0;
      const high = Math.floor(this.#block / TWO_32) >>> 0;
      philox4x32([low, high, 0, 0], this.#key, this.#words);
      this.#block++;
      this.#next = 0;
    }
    return this.#words[this.#next++] as number;
  }

  /** A number in [0, 1), a multiple of 2^-24 and so exact in float32: the word's upper 24 bits. */
  float(): number {
    return (this.uint32() >>> 8) * INVERSE_TWO_24;
  }

  /**
   * An integer in [0, n), each equally likely: words in the incomplete last run of n are rejected.
   *
   * @throws {OptionError} if n is no integer in [1, 2^32]
   */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
      throw new OptionError(
        `random: Cannot draw an integer: expected a bound from 1 to 4294967296, got ${n}`,
      );
    }
    const limit = TWO_32 - (TWO_32 % n);
    for (;;) {
      const word = this.uint32();
      if (word < limit) return word % n;
    }
  }

  /**
   * A number of mean 0 and variance 1, bell-shaped within [-6, 6): the sum of twelve uniforms less 6.
   * Additions of multiples of 2^-24 alone, so exact everywhere; no logarithm, no cosine.
   */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.float();
    return sum;
  }

  /** Shuffles in place (Fisher-Yates from the end), and returns its argument. */
  shuffle(values: Int32Array): Int32Array {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const kept = values[i] as number;
      values[i] = values[j] as number;
      values[j] = kept;
    }
    return values;
  }
}

function checkUint32(what: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= TWO_32) {
    throw new OptionError(
      `random: Cannot use the ${what}: expected an integer from 0 to 4294967295, got ${value}`,
    );
  }
  return value;
}
