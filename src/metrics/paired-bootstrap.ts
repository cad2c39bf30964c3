import { DataError, OptionError, ShapeError } from "../engine/errors.ts";

/** What two methods are compared on. */
export interface PairedOutcomes {
  /** `a[seed][sample]`: a score of each test sample (1 right, 0 wrong) under the first method. */
  readonly a: readonly ArrayLike<number>[];
  /** The same samples and seeds under the second method. */
  readonly b: readonly ArrayLike<number>[];
  /** Samples with the same group are drawn together; by default each sample stands alone. */
  readonly groups?: ArrayLike<string | number>;
  /** Redraws, default 5000. */
  readonly resamples?: number;
  /** Source of randomness: a uniform integer in [0, n). */
  readonly random: { int(n: number): number };
}

/** Outcome of a paired test. */
export interface PairedTest {
  /** Mean of a minus mean of b. */
  readonly difference: number;
  /** 2.5 and 97.5 % quantiles of the redrawn differences. */
  readonly low: number;
  readonly high: number;
  /** Two-sided p value of "no difference"; at least 2 / (resamples + 1). */
  readonly p: number;
}

/**
 * Paired bootstrap over samples and seeds: does one method score better than another on the same samples?
 *
 * Each redraw picks groups of samples and, apart from them, seeds, both with replacement, and takes the mean difference.
 * p is twice the smaller share of redraws on either side of 0 (ties on both sides), with one added to each count.
 *
 * @throws {ShapeError} if seeds or samples do not pair up
 * @throws {DataError} if there is no seed or no sample
 * @throws {OptionError} if `resamples` is no positive integer
 */
export function pairedBootstrap({ a, ...others }: PairedOutcomes): PairedTest {
  return pairedBootstraps({ ...others, all: [a] })[0] as PairedTest;
}

/** As {@link PairedOutcomes}, with several methods in place of the first. */
export interface SeveralOutcomes extends Omit<PairedOutcomes, "a"> {
  readonly all: readonly PairedOutcomes["a"][];
}

/** {@link pairedBootstrap} of each of several methods against one, all on the same redraws, which are then drawn once. */
export function pairedBootstraps({ all, ...others }: SeveralOutcomes): PairedTest[] {
  const { b, random, resamples = 5000 } = others;
  const methods = all.map((a) => {
    checkPairs({ ...others, a }, resamples);
    const { sizes, sums } = groupDifferences({ ...others, a });
    return { sizes, sums, draws: new Float64Array(resamples) };
  });
  const sizes = methods[0]?.sizes ?? [];
  const groups = sizes.length;
  const picks = new Int32Array(groups);
  const chosen = new Int32Array(b.length);
  for (let r = 0; r < resamples; r++) {
    let weight = 0;
    for (let g = 0; g < groups; g++) {
      const pick = random.int(groups);
      picks[g] = pick;
      weight += sizes[pick] as number;
    }
    for (let s = 0; s < chosen.length; s++) chosen[s] = random.int(chosen.length);
    for (const { sums, draws } of methods) {
      let total = 0;
      for (let s = 0; s < chosen.length; s++) {
        const row = sums[chosen[s] as number] as Float64Array;
        for (let g = 0; g < groups; g++) total += row[picks[g] as number] as number;
      }
      draws[r] = total / (weight * chosen.length);
    }
  }
  return methods.map(testOf);
}

/** What the redraws say. */
function testOf({
  sizes,
  sums,
  draws,
}: {
  readonly sizes: readonly number[];
  readonly sums: readonly Float64Array[];
  readonly draws: Float64Array;
}): PairedTest {
  const resamples = draws.length;
  const below = draws.reduce((count, d) => count + (d <= 0 ? 1 : 0), 0);
  const above = draws.reduce((count, d) => count + (d >= 0 ? 1 : 0), 0);
  draws.sort();
  const samples = sizes.reduce((sum, size) => sum + size, 0);
  const total = sums.reduce((sum, row) => sum + row.reduce((part, d) => part + d, 0), 0);
  return {
    difference: total / (samples * sums.length),
    low: draws[Math.floor(0.025 * (resamples - 1))] as number,
    high: draws[Math.ceil(0.975 * (resamples - 1))] as number,
    p: Math.min(1, (2 * (Math.min(below, above) + 1)) / (resamples + 1)),
  };
}

/** Per group its number of samples and, seed by seed, its summed difference a - b. */
function groupDifferences({ a, b, groups }: Omit<PairedOutcomes, "random">): {
  sizes: number[];
  sums: Float64Array[];
} {
  const index = new Map<string | number, number>();
  const sizes: number[] = [];
  const groupOf = Array.from(a[0] as ArrayLike<number>, (_, i) => {
    const key = groups?.[i] ?? i;
    const known = index.get(key) ?? sizes.length;
    index.set(key, known);
    sizes[known] = (sizes[known] ?? 0) + 1;
    return known;
  });
  const sums = a.map((row, s) => {
    const out = new Float64Array(sizes.length);
    groupOf.forEach((g, i) => {
      out[g] = (out[g] as number) + (row[i] as number) - (b[s]?.[i] as number);
    });
    return out;
  });
  return { sizes, sums };
}

function checkPairs({ a, b, groups }: Omit<PairedOutcomes, "random">, resamples: number): void {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new OptionError(
      `paired bootstrap: Cannot draw: expected resamples to be a positive integer, got ${resamples}`,
    );
  }
  if (a.length !== b.length) {
    throw new ShapeError(
      `paired bootstrap: Cannot pair seeds: expected equally many, got ${a.length} and ${b.length}`,
    );
  }
  const samples = a[0]?.length ?? 0;
  if (samples === 0) {
    throw new DataError(
      `paired bootstrap: Cannot compare: expected at least one seed and one sample, got ${a.length} and ${samples}`,
    );
  }
  for (const row of [...a, ...b, ...(groups ? [groups] : [])]) {
    if (row.length !== samples) {
      throw new ShapeError(
        `paired bootstrap: Cannot pair samples: expected ${samples} in every seed, got ${row.length}`,
      );
    }
  }
}
