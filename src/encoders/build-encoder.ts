import { resolveOptions } from "../config/options.ts";
import { definitionOf, type PartConfig } from "../config/part.ts";
import { OptionError } from "../engine/errors.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { AnyEncoderDefinition, Encoder, InputSpec } from "./encoder.ts";

/**
 * Builds the encoder of one modality.
 *
 * @throws {OptionError} if an option is wrong, or it does not take this kind of input
 */
export function buildEncoder(
  modality: string,
  config: PartConfig,
  input: InputSpec,
  dim: number,
  parameters: Parameters,
): Encoder {
  const definition = definitionOf<AnyEncoderDefinition>("encoder", config);
  const kinds: readonly string[] = [definition.input].flat();
  if (!kinds.includes(input.kind)) {
    throw new OptionError(
      `encoder: Cannot use "${config.name}" for modality "${modality}": expected ${kinds.join(" or ")} input, got ${input.kind}`,
    );
  }
  const options = resolveOptions(config.name, definition.options, config.options);
  return { parameters, ...definition.build({ options, input, dim, parameters }) };
}
