import { registryOf } from "../config/part.ts";
import { adam, adamw } from "./adam.ts";
import type { OptimizerDefinition } from "./define-optimizer.ts";
import { sgd } from "./sgd.ts";

/** Optimizers by name. */
export const OPTIMIZERS: Readonly<Record<string, OptimizerDefinition>> =
  registryOf<OptimizerDefinition>({ adam, adamw, sgd });
