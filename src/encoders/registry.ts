import { resolveOptions } from "../config/options.ts";
import { findPart, type PartConfig, registryOf } from "../config/part.ts";
import { OptionError } from "../engine/errors.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { AnyEncoderDefinition, Encoder, InputSpec } from "./encoder.ts";
import * as encoders from "./index.ts";

/** Every encoder by name. */
export const ENCODERS: Readonly<Record<string, AnyEncoderDefinition>> =
  registryOf<AnyEncoderDefinition>(encoders);

/**
 * Builds the encoder of one modality.
 *
 * @throws {OptionError} if there is no such encoder, an option is wrong, or it does not take this kind of input
 */
export function buildEncoder(
  modality: string,
  config: PartConfig,
  input: InputSpec,
  dim: number,
  parameters: Parameters,
): Encoder {
  const definition = findPart("encoder", ENCODERS, config.name);
  if (definition.input !== input.kind) {
    throw new OptionError(
      `encoder: Cannot use "${config.name}" for modality "${modality}": expected ${definition.input} input, got ${input.kind}`,
    );
  }
  const options = resolveOptions(config.name, definition.options, config.options);
  return { parameters, ...definition.build({ options, input, dim, parameters }) };
}
