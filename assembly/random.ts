/**
 * Philox4x32-10, a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * the same numbers as src/random.ts, a pure function of seed, stream and position.
 */
const MULTIPLIER_0: u64 = 0xd2511f53;
const MULTIPLIER_1: u64 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;
const ROUNDS = 10;

/** Writes the four words of block (counterLow, counterHigh) of (seed, stream) to `words`. */
export function philox(
  counterLow: u32,
  counterHigh: u32,
  seed: u32,
  stream: u32,
  words: usize,
): void {
  let c0 = counterLow;
  let c1 = counterHigh;
  let c2: u32 = 0;
  let c3: u32 = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const product0 = MULTIPLIER_0 * <u64>c0;
    const product1 = MULTIPLIER_1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ seed;
    c1 = <u32>product1;
    c2 = <u32>(product0 >> 32) ^ c3 ^ stream;
    c3 = <u32>product0;
    seed += WEYL_0;
    stream += WEYL_1;
  }
  store<u32>(words, c0);
  store<u32>(words, c1, 4);
  store<u32>(words, c2, 8);
  store<u32>(words, c3, 12);
}
