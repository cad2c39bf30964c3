/** Each fusion rule on tensors, for graphs: what its `fuse` does to one row, done to all rows of a batch. */
import { OptionError } from "../../engine/errors.ts";
import { log } from "../../engine/math.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { FittedFusion } from "../../fusion/fusion.ts";
import {
  add,
  broadcastTo,
  concat,
  div,
  entropy,
  logSoftmax,
  logSumExp,
  maximum,
  mul,
  reshape,
  slice,
  softmax,
  sub,
  sum,
} from "../../ops/index.ts";

/** The voices that are there, in the order of the rule. */
export interface Voices {
  readonly names: readonly string[];
  /** [n, classes] each. */
  readonly logits: readonly Tensor[];
}

export interface FusedTensors {
  /** [n, classes] */
  readonly logits: Tensor;
  /** [n, voices]; null if the rule has none. */
  readonly weights: Tensor | null;
}

type Rule = (
  voices: Voices,
  options: Readonly<Record<string, unknown>>,
  fitted: unknown,
) => FusedTensors;

const RULES: Readonly<Record<string, Rule>> = {
  entropy({ names, logits }, { sharpness }, fitted) {
    const scaled = logits.map((z, j) => div(z, factor(fitted, names[j])));
    const columns = scaled.map((z) => reshape(entropy(z), [-1, 1]));
    const weights = softmax(mul(concat(columns, 1), -(sharpness as number)));
    return { logits: weighted(scaled, weights), weights };
  },
  fixed: (voices, { weights }) =>
    constantWeights(voices, normalised(voices.names.map((m) => factor(weights, m)))),
  "mean-of-logits": (voices) => constantWeights(voices, equal(voices)),
  "mean-of-probabilities": ({ names, logits }) => ({
    logits: sub(
      logSumExp(stacked(logits.map((z) => logSoftmax(z))), { axis: 1 }),
      log(names.length),
    ),
    weights: spread(logits, equal({ names, logits })),
  }),
  "product-of-experts"({ names, logits }, _, prior) {
    const product = sumOf(logits.map((z) => logSoftmax(z)));
    const { engine } = product;
    const factors = (prior as readonly number[] | null)?.map((value) => value * (names.length - 1));
    return {
      logits: factors ? sub(product, engine.tensor(factors, [1, factors.length])) : product,
      weights: null,
    };
  },
  "qmf-energy"({ logits }) {
    const energies = logits.map((z) => logSumExp(z, { axis: 1, keepDims: true }));
    const confidences = maximum(div(concat(energies, 1), 10), 1e-3);
    const weights = div(confidences, sum(confidences, { axis: 1, keepDims: true }));
    return { logits: weighted(logits, confidences), weights };
  },
  scales({ names, logits }, _, fitted) {
    const scales = names.map((m) => factor(fitted, m));
    const parts = logits.map((z, j) => mul(z, scales[j] as number));
    return { logits: sumOf(parts), weights: spread(logits, normalised(scales)) };
  },
  stacking({ names, logits }, _, fitted) {
    const stack = fitted as Readonly<Record<string, readonly number[]>>;
    const row = (z: Tensor, values: readonly number[]) =>
      z.engine.tensor(values, [1, values.length]);
    const parts = logits.map((z, j) => {
      const weights = stack[names[j] ?? ""];
      return weights === undefined ? logSoftmax(z) : mul(logSoftmax(z), row(z, weights));
    });
    const bias = stack[""];
    const product = sumOf(parts);
    return { logits: bias ? add(product, row(product, bias)) : product, weights: null };
  },
};

/** Names of the rules that a graph can hold. */
export const GRAPH_FUSIONS: readonly string[] = Object.keys(RULES);

/** @throws {OptionError} if a graph cannot hold the rule */
export function fuseTensors(fusion: FittedFusion, voices: Voices): FusedTensors {
  const { name, options } = fusion.config;
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule !== undefined) return rule(voices, options, fusion.state());
  throw new OptionError(
    `onnx: Cannot export the fusion rule "${name}": expected one of ${GRAPH_FUSIONS.join(", ")}`,
  );
}

/** The factor of one name; 1 for names without. */
function factor(factors: unknown, name: string | undefined): number {
  return (factors as Readonly<Record<string, number>>)[name ?? ""] ?? 1;
}

function equal({ names }: Voices): number[] {
  return names.map(() => 1 / names.length);
}

function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

function constantWeights({ logits }: Voices, weights: readonly number[]): FusedTensors {
  return {
    logits: sumOf(logits.map((z, j) => mul(z, weights[j] as number))),
    weights: spread(logits, weights),
  };
}

/** The same weights for every row. */
function spread([z]: readonly Tensor[], weights: readonly number[]): Tensor {
  const { engine, shape } = z as Tensor;
  const row = engine.tensor(weights, [1, weights.length]);
  return broadcastTo(row, [shape[0] as number, weights.length]);
}

function weighted(logits: readonly Tensor[], weights: Tensor): Tensor {
  return sumOf(logits.map((z, j) => mul(z, slice(weights, 1, j, j + 1))));
}

function sumOf(parts: readonly Tensor[]): Tensor {
  return parts.reduce((sum, part) => add(sum, part));
}

/** [n, voices, classes] */
function stacked(parts: readonly Tensor[]): Tensor {
  const rows = parts.map((part) => reshape(part, [-1, 1, part.shape[1] as number]));
  return concat(rows, 1);
}
