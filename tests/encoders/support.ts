import { buildEncoder } from "../../src/encoders/build-encoder.ts";
import type { Encoder, EncoderInput, InputSpec } from "../../src/encoders/encoder.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import type { Mode } from "../../src/nn/layers.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { Random } from "../../src/random.ts";
import type { EncoderCase } from "./encoder.cases.ts";

export const TRAINING: Mode = { training: true, seed: 3, step: 2 };

/** A sample: numbers, or a token list. */
export type RawSample = readonly number[];

/** Samples of different lengths where the input knows lengths; the first one is as long as can be, the third is empty. */
export function drawSamples(input: InputSpec, longest: number, count: number): RawSample[] {
  const random = new Random(17, "samples");
  return Array.from({ length: count }, (_, i) => {
    if (input.kind === "bag") {
      const length = i === 0 ? longest : i === 2 ? 0 : 1 + random.int(longest);
      return Array.from({ length }, () => random.int(input.vocabulary));
    }
    const size = input.shape.reduce((product, length) => product * length, 1);
    const numbers = Array.from({ length: size }, () => Math.fround(random.float() * 4 - 2));
    const [frames = 0, features = 0] = input.shape;
    if (input.shape.length !== 2 || i === 0) return numbers;
    return numbers.fill(0, (i === 2 ? 0 : 1 + random.int(frames)) * features);
  });
}

export function inputOf(
  engine: Engine,
  spec: InputSpec,
  samples: readonly RawSample[],
): EncoderInput {
  if (spec.kind === "dense") {
    return {
      kind: "dense",
      values: engine.tensor(samples.flat(), [samples.length, ...spec.shape]),
    };
  }
  let next = 0;
  const offsets = samples.map(({ length }) => {
    next += length;
    return next - length;
  });
  const ints = (values: readonly number[]): Tensor =>
    engine.tensor(values, [values.length], { dtype: "i32" });
  return { kind: "bag", ids: ints(samples.flat()), offsets: ints(offsets) };
}

/** Builds a case's encoder; biases and norms are moved off their start, which would hide mistakes. */
export function buildCase(engine: Engine, { config, input, dim }: EncoderCase): Encoder {
  const parameters = Parameters.create(engine, 5);
  const encoder = buildEncoder("m", config, input, dim, parameters);
  const random = new Random(23, "shift");
  for (const [, tensor] of parameters.entries()) {
    if (tensor.rank > 1) continue;
    tensor.set((tensor.toArray() as Float32Array).map((v) => v + 0.4 * random.float() + 0.05));
  }
  return encoder;
}
