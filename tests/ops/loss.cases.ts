import type { Engine } from "../../src/engine/engine.ts";
import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { build, type NdArray, nd } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

/** exp, log and their sums in f32, each within a few units in the last place. */
const TOLERANCE = 2e-6;

/** Rows along the last axis. */
function rowsOf(x: NdArray): Float64Array[] {
  const n = x.shape.at(-1) as number;
  if (n === 0) return [];
  return Array.from({ length: x.data.length / n }, (_, i) => x.data.subarray(i * n, (i + 1) * n));
}

function logSumExp(row: Float64Array): number {
  const greatest = Math.max(...row);
  return greatest + Math.log(row.reduce((sum, v) => sum + Math.exp(v - greatest), 0));
}

export function logSoftmaxNd(x: NdArray): NdArray {
  return nd(
    x.shape,
    rowsOf(x).flatMap((row) => [...row.map((v) => v - logSumExp(row))]),
  );
}

/** Which options a length of the sweep tries: all combinations come by. */
function lossSetting(n: number) {
  return {
    classWeights: n & 1 ? Array.from({ length: n }, (_, c) => 0.5 + (c % 3)) : undefined,
    sampleWeights: n & 2 ? [0.5, 2, 0, 1, 3] : undefined,
    labelSmoothing: n % 3 === 0 ? 0.1 : 0,
    reduction: (["mean", "sum", "none", "mean"] as const)[(n >> 2) & 3] as ops.Reduction,
  };
}

function lossLabels(classes: number): number[] {
  return [0, 1, 2, 7, 5].map((label) => label % classes);
}

function vector(engine: Engine, values: readonly number[] | undefined) {
  return values && engine.tensor(values);
}

export const LOSS_CASES = {
  softmax: {
    shapes: (n) => [[[n]], [[3, n]], [[2, n, 3]]],
    run: ([x]) => ops.softmax(x),
    reference: ([x]) => {
      const logs = logSoftmaxNd(x);
      return nd(logs.shape, logs.data.map(Math.exp));
    },
    domain: [-9, 9],
    tolerance: TOLERANCE,
  },
  logSoftmax: {
    shapes: (n) => [[[n]], [[3, n]], [[2, n, 3]]],
    run: ([x]) => ops.logSoftmax(x),
    reference: ([x]) => logSoftmaxNd(x),
    domain: [-9, 9],
    tolerance: TOLERANCE,
  },
  entropy: {
    shapes: (n) => [[[n]], [[3, n]], [[2, n, 3]]],
    run: ([x]) => ops.entropy(x),
    reference: ([x]) => {
      const logs = rowsOf(logSoftmaxNd(x));
      return build(x.shape.slice(0, -1), (_, row) =>
        (logs[row] ?? new Float64Array()).reduce((sum, log) => sum - Math.exp(log) * log, 0),
      );
    },
    domain: [-9, 9],
    tolerance: TOLERANCE,
  },
  crossEntropy: {
    shapes: (n) => [[[5, n]], [[0, n]]],
    lengths: Array.from({ length: 33 }, (_, n) => n + 1),
    run: ([logits], engine, n) => {
      const { classWeights, sampleWeights, ...rest } = lossSetting(n);
      const rows = logits.shape[0] as number;
      return ops.crossEntropy(
        logits,
        engine.tensor(lossLabels(n).slice(0, rows), [rows], { dtype: "i32" }),
        {
          classWeights: vector(engine, classWeights),
          sampleWeights: vector(engine, sampleWeights?.slice(0, rows)),
          ...rest,
        },
      );
    },
    reference: ([logits], n) => {
      const { classWeights = Array.from({ length: n }, () => 1), ...setting } = lossSetting(n);
      const labels = lossLabels(n);
      let total = 0;
      const losses = rowsOf(logSoftmaxNd(logits)).map((logs, i) => {
        const label = labels[i] as number;
        const own = setting.sampleWeights?.[i] ?? 1;
        total += own * (classWeights[label] as number);
        const even = logs.reduce((sum, log, c) => sum - (classWeights[c] as number) * log, 0) / n;
        const sharp = -(classWeights[label] as number) * (logs[label] as number);
        return own * ((1 - setting.labelSmoothing) * sharp + setting.labelSmoothing * even);
      });
      if (setting.reduction === "none") return nd([losses.length], losses);
      const sum = losses.reduce((s, loss) => s + loss, 0);
      return nd([], [setting.reduction === "mean" ? sum / (total || 1) : sum]);
    },
    domain: [-9, 9],
    tolerance: TOLERANCE,
  },
} satisfies Partial<Record<OpName, OpCase>>;
