import { type PartConfig, registryOf } from "../config/part.ts";
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

/** A rule with values that were fitted before. */
export function restoreFusion(config: PartConfig, state: unknown): FittedFusion {
  return buildFusion(FUSIONS, config, { state });
}
