import { type Dataset, subset } from "./dataset.ts";
import type { LoadedData } from "./source.ts";

/**
 * A few samples of a dataset in its own order: the first of each class, then the second of each, until there are `count`,
 * and at least one of each class.
 */
export function limitDataset<M extends string>(dataset: Dataset<M>, count: number): Dataset<M> {
  const seen = new Int32Array(dataset.classes.length);
  const ranks = Array.from(dataset.labels, (label) => {
    const rank = seen[label] ?? 0;
    if (label >= 0) seen[label] = rank + 1;
    return rank;
  });
  const present = seen.reduce((sum, samples) => sum + Number(samples > 0), 0);
  const chosen = Array.from(ranks.keys())
    .sort((a, b) => (ranks[a] as number) - (ranks[b] as number) || a - b)
    .slice(0, Math.max(count, present))
    .sort((a, b) => a - b);
  return subset(dataset, chosen);
}

/** Data with a few samples in each part, to try a configuration out. */
export function limitData(data: LoadedData, count: number): LoadedData {
  return {
    ...data,
    train: limitDataset(data.train, count),
    validation: limitDataset(data.validation, count),
    openTest: (opening) => limitDataset(data.openTest(opening), count),
  };
}
