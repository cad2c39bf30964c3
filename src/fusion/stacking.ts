import { number } from "../config/options.ts";
import { exp } from "../engine/math.ts";
import { labelledRows } from "./fit.ts";
import { defineFusion, type LabelledModalityLogits, type Row } from "./fusion.ts";
import { logSoftmax } from "./row-math.ts";

/** Most steps of the descent, and the step below which it ends. */
const STEPS = 1000;
const SMALL = 1e-7;

/** Weights by modality, one a class, and one bias a class under "" (which is no modality's name). */
type Stack = Readonly<Record<string, readonly number[]>>;

const BIAS = "";

/**
 * Learnt stacking: z_c = sum_m v_mc log p_m(c) + b_c over the present modalities, p_m = softmax(z_m). v and b minimise the
 * NLL of validation data plus pull / 2 (|v - 1|^2 + |b|^2), a convex problem: Nesterov's accelerated gradient with the
 * step that the curvature allows, from v = 1, b = 0, which is the product of the probabilities. A missing modality adds
 * nothing, in fitting and in use.
 *
 * Source: Wolpert 1992, stacked generalisation; multinomial logistic regression on log-probabilities, a weight a class.
 */
export const stacking = defineFusion({
  name: "stacking",
  title: "logistic regression on the modalities' log-probabilities, fitted on validation data",
  source: "stacked generalisation (Wolpert 1992)",
  options: {
    pull: number(0.05, "how strongly weights are held at 1 and biases at 0", {
      min: 1e-6,
      max: 1e6,
    }),
  },
  fit: ({ pull }, data): Stack => (data === undefined ? {} : fitStack(data, pull)),
  fuse({ modalities, logits }, out, _, stack) {
    const bias = stack[BIAS];
    for (let c = 0; c < out.length; c++) out[c] = bias?.[c] ?? 0;
    const logs = new Float64Array(out.length);
    logits.forEach((z, j) => {
      const weights = stack[modalities[j] as string];
      logSoftmax(z, logs);
      for (let c = 0; c < out.length; c++) {
        out[c] = (out[c] as number) + (weights?.[c] ?? 1) * (logs[c] as number);
      }
    });
    return null;
  },
});

interface Example {
  /** Log-probabilities by place: of each modality, zeros where it is missing; then ones, for the bias. */
  readonly inputs: readonly (Float64Array | null)[];
  readonly label: number;
}

function fitStack(data: LabelledModalityLogits, pull: number): Stack {
  const { classes } = data;
  const names = [...Object.keys(data.logits), BIAS];
  const examples = labelledRows(data).map(({ row, label }) => toExample(row, label, names));
  const start = names.map((name) => new Float64Array(classes).fill(name === BIAS ? 0 : 1));
  const weights = minimise(examples, start, pull);
  return Object.fromEntries(names.map((name, j) => [name, [...(weights[j] as Float64Array)]]));
}

function toExample({ modalities, logits }: Row, label: number, names: readonly string[]): Example {
  const inputs = names.map((name) => {
    if (name === BIAS) return new Float64Array(logits[0]?.length ?? 0).fill(1);
    const z = logits[modalities.indexOf(name)];
    return z === undefined ? null : logSoftmax(z, new Float64Array(z.length));
  });
  return { inputs, label };
}

/** Nesterov's method for a strongly convex cost whose curvature is bounded by half the mean squared input. */
function minimise(
  examples: readonly Example[],
  start: readonly Float64Array[],
  pull: number,
): readonly Float64Array[] {
  const count = Math.max(examples.length, 1);
  const square = examples.reduce((sum, { inputs }) => sum + largestSquare(inputs), 0) / count;
  const curvature = square / 2 + pull;
  const ratio = Math.sqrt(pull / curvature);
  const momentum = (1 - ratio) / (1 + ratio);
  let now = start.map((row) => row.slice());
  let ahead = now;
  for (let step = 0; step < STEPS; step++) {
    const slope = gradient(examples, ahead, start, pull);
    const next = ahead.map((row, j) =>
      row.map((value, c) => value - (slope[j]?.[c] as number) / curvature),
    );
    ahead = next.map((row, j) =>
      row.map((value, c) => value + momentum * (value - (now[j]?.[c] as number))),
    );
    const moved = next.some((row, j) =>
      row.some((value, c) => Math.abs(value - (now[j]?.[c] as number)) > SMALL),
    );
    now = next;
    if (!moved) break;
  }
  return now;
}

/** The Hessian of one example is at most half of this: softmax's is at most 1/2, times the inputs of one class. */
function largestSquare(inputs: Example["inputs"]): number {
  const squares = new Float64Array(inputs.at(-1)?.length ?? 0);
  for (const input of inputs) {
    input?.forEach((value, c) => {
      squares[c] = (squares[c] as number) + value * value;
    });
  }
  return Math.max(...squares);
}

function gradient(
  examples: readonly Example[],
  weights: readonly Float64Array[],
  start: readonly Float64Array[],
  pull: number,
): Float64Array[] {
  const slope = weights.map((row, j) =>
    row.map((value, c) => pull * (value - (start[j]?.[c] as number))),
  );
  const z = new Float64Array(weights[0]?.length ?? 0);
  for (const { inputs, label } of examples) {
    z.fill(0);
    inputs.forEach((input, j) => {
      input?.forEach((value, c) => {
        z[c] = (z[c] as number) + (weights[j]?.[c] as number) * value;
      });
    });
    logSoftmax(z, z);
    for (let c = 0; c < z.length; c++) {
      z[c] = (exp(z[c] as number) - (c === label ? 1 : 0)) / examples.length;
    }
    inputs.forEach((input, j) => {
      const row = slope[j] as Float64Array;
      input?.forEach((value, c) => {
        row[c] = (row[c] as number) + (z[c] as number) * value;
      });
    });
  }
  return slope;
}
