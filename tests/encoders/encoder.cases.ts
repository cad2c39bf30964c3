import type { PartConfig } from "../../src/config/part.ts";
import type { InputSpec } from "../../src/encoders/encoder.ts";
import * as encoders from "../../src/encoders/index.ts";

/** A tiny encoder and what it reads. */
export interface EncoderCase {
  readonly config: PartConfig;
  readonly input: InputSpec;
  readonly dim: number;
  /** Of gradients; default 0.01. A step of the differences crosses many kinks where there are many relus. */
  readonly tolerance?: number;
}

const bag: InputSpec = { kind: "bag", vocabulary: 11 };
const dense = (...shape: number[]): InputSpec => ({ kind: "dense", shape });

/** At least one row per encoder; the tests ask for a missing one. */
export const ENCODER_CASES: Readonly<Record<string, EncoderCase>> = {
  mlp: { config: encoders.mlp({ hidden: [7] }), input: dense(5), dim: 4 },
  "mlp on vectors of length 1": {
    config: encoders.mlp({ hidden: [7], normalise: "l2" }),
    input: dense(9),
    dim: 4,
  },
  "mlp on normed vectors": {
    config: encoders.mlp({ hidden: [], normalise: "layer" }),
    input: dense(3, 3),
    dim: 4,
  },
  conv: { config: encoders.conv({ channels: [3, 5] }), input: dense(8, 6, 2), dim: 4 },
  "bag-of-words": { config: encoders.bagOfWords({ hidden: [7, 6] }), input: bag, dim: 4 },
  embedding: { config: encoders.embedding({ width: 5 }), input: bag, dim: 4 },
  resnet18: {
    config: encoders.resnet18({ width: 2 }),
    input: dense(33, 20, 3),
    dim: 5,
    tolerance: 0.06,
  },
  "resnet18 on small frames": {
    config: encoders.resnet18({ width: 3, stem: "small", out: "none" }),
    input: dense(2, 8, 8, 1),
    dim: 24,
    tolerance: 0.06,
  },
  "text-cnn": {
    config: encoders.textCnn({ width: 5, widths: [2, 3], filters: 4, maxLength: 7, dropout: 0 }),
    input: bag,
    dim: 4,
  },
  "gru on tokens": {
    config: encoders.gru({ hidden: 5, width: 3, bidirectional: true, state: "mean", maxLength: 7 }),
    input: bag,
    dim: 4,
  },
  "gru on frames": { config: encoders.gru({ hidden: 6 }), input: dense(7, 3), dim: 4 },
  "transformer on tokens": {
    config: encoders.transformer({ width: 8, depth: 2, heads: 2, maxLength: 7, pool: "first" }),
    input: bag,
    dim: 4,
  },
  "transformer on tokens, norm after": {
    config: encoders.transformer({ width: 8, heads: 2, maxLength: 7, norm: "post" }),
    input: bag,
    dim: 4,
  },
  "transformer on frames": {
    config: encoders.transformer({ width: 8, depth: 1, heads: 2, pool: "cls", out: "none" }),
    input: dense(7, 3),
    dim: 8,
  },
  "transformer on patches": {
    config: encoders.transformer({ width: 8, heads: 4, patch: [3, 2], feedForward: 12 }),
    input: dense(2, 7, 6, 2),
    dim: 4,
  },
};
