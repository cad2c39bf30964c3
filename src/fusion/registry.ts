import { registryOf } from "../config/part.ts";
import type { AnyFusionDefinition } from "./fusion.ts";
import * as rules from "./index.ts";

/** Every fusion rule by name. */
export const FUSIONS: Readonly<Record<string, AnyFusionDefinition>> =
  registryOf<AnyFusionDefinition>(rules);
