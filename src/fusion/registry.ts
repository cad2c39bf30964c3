import { type PartConfig, registryOf } from "../config/part.ts";
import { DataFormatError } from "../engine/errors.ts";
import {
  type AnyFusionDefinition,
  buildFusion,
  type FittedFusion,
  type LabelledModalityLogits,
} from "./fusion.ts";
import * as rules from "./index.ts";

/** Every fusion rule by name. */
export const FUSIONS: Readonly<Record<string, AnyFusionDefinition>> =
  registryOf<AnyFusionDefinition>(rules);

/** Configures and fits a rule; without validation data it keeps its neutral values. */
export function fitFusion(config: PartConfig, data?: LabelledModalityLogits): FittedFusion {
  return buildFusion(FUSIONS, config, { data });
}

/**
 * A rule with values that were fitted before.
 *
 * @throws {DataFormatError} if they are no finite numbers, in a list or by name
 */
export function restoreFusion(config: PartConfig, state: unknown): FittedFusion {
  const values = typeof state === "object" && state !== null ? Object.values(state) : [state];
  if (state !== null && !values.every(Number.isFinite)) {
    throw new DataFormatError(
      `fusion: Cannot take the fitted values of "${config.name}": expected finite numbers, got ${JSON.stringify(state)}`,
    );
  }
  return buildFusion(FUSIONS, config, { state });
}
