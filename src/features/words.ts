/** Text to numbers without a vocabulary: character n-grams, and words hashed to a fixed number of places. */
import { hashStream } from "../random.ts";
import { checkWhole } from "./checks.ts";

const LONGEST_GRAM = 100;
const MOST_BUCKETS = 2 ** 24;

/**
 * The runs of `least` to `most` characters of a word, with `<` before and `>` behind it, shortest first, as fastText
 * takes them. A character is a code point.
 *
 * @throws {OptionError} if the lengths are out of range
 */
export function characterNgrams(word: string, least = 3, most = 5): string[] {
  checkWhole("n-grams", "least", least, 1, LONGEST_GRAM);
  checkWhole("n-grams", "most", most, least, LONGEST_GRAM);
  const characters = ["<", ...word, ">"];
  const grams: string[] = [];
  for (let length = least; length <= most; length++) {
    for (let i = 0; i + length <= characters.length; i++) {
      grams.push(characters.slice(i, i + length).join(""));
    }
  }
  return grams;
}

/**
 * A place for each word, the same everywhere: its 32-bit FNV-1a hash modulo `buckets`. Different words may share one.
 *
 * @throws {OptionError} if the number of buckets is out of range
 */
export function hashWords(words: readonly string[], buckets: number): Int32Array {
  checkWhole("hashing", "buckets", buckets, 1, MOST_BUCKETS);
  return Int32Array.from(words, (word) => hashStream(word) % buckets);
}

/**
 * Feature hashing: each word adds 1 or -1 to its place, by a second hash, so that words which share a place
 * cancel out on average.
 *
 * Source: Weinberger et al., "Feature hashing for large scale multitask learning" (ICML 2009).
 *
 * @returns [buckets]
 * @throws {OptionError} if the number of buckets is out of range
 */
export function hashFeatures(words: readonly string[], buckets: number): Float32Array {
  const places = hashWords(words, buckets);
  const out = new Float32Array(buckets);
  words.forEach((word, i) => {
    const place = places[i] as number;
    // From a hash of its own, since the place may use up all bits of the first.
    const sign = hashStream(`${word}\0`) >>> 31 === 0 ? 1 : -1;
    out[place] = (out[place] as number) + sign;
  });
  return out;
}
