/** Which samples an epoch goes through, and in which order: a pure function of (seed, epoch). */
import { choice, type OptionValues, record, resolveOptions } from "../config/options.ts";
import { formatNames, OptionError } from "../engine/errors.ts";
import { Random } from "../random.ts";
import { epochOrder } from "./batches.ts";
import type { Dataset } from "./dataset.ts";

export const SAMPLING_OPTIONS = {
  sampling: choice(
    ["shuffled", "balanced", "weighted"],
    "shuffled",
    "what an epoch goes through: every sample once, as many of each class, or by samplingWeights",
  ),
  samplingWeights: record(
    "by class, how often its samples are drawn against those of others; left out: 1",
  ),
};

export type Sampling = OptionValues<typeof SAMPLING_OPTIONS>;

/**
 * The settings with their defaults.
 *
 * @throws {OptionError} for an unknown way of sampling or class, weights that leave nothing to draw, or weights without
 *   weighted sampling
 */
export function resolveSampling(
  given: { readonly [K in keyof Sampling]?: Sampling[K] | undefined },
  { classes, labels }: Pick<Dataset, "classes" | "labels">,
): Sampling {
  const sampling = resolveOptions("train", SAMPLING_OPTIONS, given);
  const { samplingWeights: weights } = sampling;
  const unknown = Object.keys(weights).find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(
      `train: Cannot weigh class "${unknown}": expected one of ${formatNames(classes)}`,
    );
  }
  if (sampling.sampling !== "weighted" && Object.keys(weights).length > 0) {
    throw new OptionError(
      `train: Cannot use "samplingWeights": expected "sampling" to be "weighted", got "${sampling.sampling}"`,
    );
  }
  if (!labels.some((label) => (weights[classes[label] as string] ?? 1) > 0)) {
    throw new OptionError(
      'train: Cannot use "samplingWeights": expected a weight above 0 for a class that has samples, got none',
    );
  }
  return sampling;
}

/**
 * Positions in the dataset of an epoch's samples, as many as it has samples.
 *
 * Shuffled: each once. Else every class has its share of the epoch, rounded up or down at random so that the mean over
 * epochs is exact, and its samples come round and round in random orders: within an epoch none is drawn twice more
 * often than another of its class. Balanced: the same share for each class that has samples. Weighted: in proportion to
 * weight times number of samples.
 *
 * @param dataset - what the epoch goes through, some of the training samples or all
 */
export function sampleOrder(
  dataset: Pick<Dataset, "size" | "classes" | "labels">,
  { sampling, samplingWeights }: Sampling,
  seed: number,
  epoch: number,
): Int32Array {
  if (sampling === "shuffled") return epochOrder(dataset.size, seed, epoch);
  const rows = dataset.classes.map((_, c) =>
    Int32Array.from(dataset.labels.keys()).filter((row) => dataset.labels[row] === c),
  );
  const masses = rows.map((own, c) => {
    if (sampling === "balanced") return Math.min(1, own.length);
    return own.length * (samplingWeights[dataset.classes[c] as string] ?? 1);
  });
  const random = new Random(seed, `sampling/${epoch}`);
  const counts = shareOut(dataset.size, masses, random.float());
  const order = new Int32Array(counts.reduce((sum, count) => sum + count, 0));
  let filled = 0;
  rows.forEach((own, c) => {
    for (let left = counts[c] as number; left > 0; left -= own.length) {
      const drawn = random.shuffle(own).subarray(0, left);
      order.set(drawn, filled);
      filled += drawn.length;
    }
  });
  return random.shuffle(order);
}

/** Whole numbers in proportion to the masses that add up to `total`; each is its share, rounded up or down. */
function shareOut(total: number, masses: readonly number[], offset: number): number[] {
  const sum = masses.reduce((all, mass) => all + mass, 0);
  if (sum === 0) return masses.map(() => 0);
  const last = masses.findLastIndex((mass) => mass > 0);
  let before = 0;
  let mass = 0;
  return masses.map((own, c) => {
    mass += own;
    // The last one takes what is left, whatever the sums were rounded to.
    const until = c >= last ? total : Math.floor((total * mass) / sum + offset);
    const count = until - before;
    before = until;
    return count;
  });
}
