/** What an encoder would be, without building it: names and shapes, size and cost. */
import type { PartConfig } from "../config/part.ts";
import { Parameters } from "../nn/parameters.ts";
import { buildEncoder } from "./build-encoder.ts";
import type { InputSpec } from "./encoder.ts";

export interface EncoderPlan {
  /** Shape of every weight and buffer by its name within the encoder, in the order of the layers. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Number of values of all weights. */
  readonly size: number;
  /** Floating-point operations per sample, forward. */
  readonly flops: number;
}

/**
 * Plans the encoder of one modality; nothing is allocated.
 *
 * @throws {OptionError | ShapeError} as building it would
 */
export function planEncoder(
  modality: string,
  config: PartConfig,
  input: InputSpec,
  dim: number,
): EncoderPlan {
  const parameters = Parameters.plan();
  const { flops } = buildEncoder(modality, config, input, dim, parameters);
  return {
    shapes: new Map(parameters.entries().map(([name, { shape }]) => [name, shape])),
    size: parameters.weights().reduce((sum, { size }) => sum + size, 0),
    flops,
  };
}
