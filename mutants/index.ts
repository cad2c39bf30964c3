import { FEATURE_MUTANTS } from "./features.ts";
import { FIELD_METHOD_MUTANTS } from "./field-methods.ts";
import { FUSION_MUTANTS } from "./fusion.ts";
import { GRADIENT_MUTANTS } from "./gradient.ts";
import { METHOD_MUTANTS } from "./methods.ts";
import type { Mutant } from "./mutant.ts";
import { OPERATION_MUTANTS } from "./operations.ts";
import { OPTIMIZER_MUTANTS } from "./optimizer.ts";
import { PROJECTOR_MUTANTS } from "./projector.ts";
import { TRAINING_MUTANTS } from "./training.ts";

/** All wrong variants by area. */
export const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  projector: PROJECTOR_MUTANTS,
  optimizer: OPTIMIZER_MUTANTS,
  fusion: FUSION_MUTANTS,
  operations: OPERATION_MUTANTS,
  gradient: GRADIENT_MUTANTS,
  training: TRAINING_MUTANTS,
  methods: METHOD_MUTANTS,
  "field methods": FIELD_METHOD_MUTANTS,
  features: FEATURE_MUTANTS,
};
