/** Class means of features, which say how well an encoder tells the classes apart without any head. */
import type { Dataset } from "../data/dataset.ts";
import { subset } from "../data/dataset.ts";
import type { Tensor } from "../engine/tensor.ts";
import { add, neg, reshape, sqrt, square, sub, sum } from "../ops/index.ts";
import type { Random } from "../random.ts";
import type { TrainingData } from "./method.ts";

/** Keeps the gradient of a distance finite at 0. */
const EPSILON = 1e-12;

/** Positions of a share of each class's samples, at least one. */
export function drawShare({ labels }: Dataset, share: number, random: Random): Int32Array {
  const rows = new Map<number, number[]>();
  for (const i of random.shuffle(Int32Array.from(labels.keys()))) {
    const label = labels[i] as number;
    rows.set(label, [...(rows.get(label) ?? []), i]);
  }
  const drawn = [...rows.values()].flatMap((own) => own.slice(0, Math.ceil(share * own.length)));
  return Int32Array.from(drawn).sort();
}

/**
 * Mean feature of each class, [classes, dim] by modality, over the samples at some positions. A class that has the
 * modality nowhere among them gets the mean of the others' samples.
 */
export function classMeans<M extends string>(
  data: TrainingData<M>,
  positions: Int32Array,
): Record<M, Float32Array> {
  const part = subset(data.dataset, positions);
  const { features, classes, present } = data.outputs(part);
  const entries = (Object.keys(features) as M[]).map((m) => {
    const rows = [...part.labels.keys()].filter((i) => present[m][i] === 1);
    const dim = features[m].length / part.size;
    const all = meanRow(features[m], rows, dim);
    const means = new Float32Array(classes * dim);
    for (let c = 0; c < classes; c++) {
      const own = rows.filter((i) => part.labels[i] === c);
      means.set(own.length > 0 ? meanRow(features[m], own, dim) : all, c * dim);
    }
    return [m, means];
  });
  return Object.fromEntries(entries) as Record<M, Float32Array>;
}

function meanRow(values: Float32Array, rows: readonly number[], dim: number): Float64Array {
  const mean = new Float64Array(dim);
  for (const i of rows) {
    for (let d = 0; d < dim; d++) mean[d] = (mean[d] as number) + (values[i * dim + d] as number);
  }
  return mean.map((total) => total / Math.max(rows.length, 1));
}

/** -|h_i - p_c|: features [n, dim] and prototypes [classes, dim] -> [n, classes]. */
export function similarities(features: Tensor, prototypes: Tensor): Tensor {
  const [n = 0, dim = 0] = features.shape;
  const away = sub(reshape(features, [n, 1, dim]), prototypes);
  return neg(sqrt(add(sum(square(away), { axis: 2 }), EPSILON)));
}
