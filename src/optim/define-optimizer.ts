import type { OptionSpecs, OptionValues } from "../config/options.ts";
import { definePart, type Part, type PartDefinition } from "../config/part.ts";
import type { Optimizer } from "./optimizer.ts";
import type { Parameter } from "./parameter-list.ts";

export interface OptimizerDefinition<S extends OptionSpecs = OptionSpecs>
  extends PartDefinition<S> {
  create(parameters: Iterable<Parameter>, options: OptionValues<S>): Optimizer;
}

/** Makes an optimizer that is chosen by name. */
export function defineOptimizer<const S extends OptionSpecs>(
  definition: OptimizerDefinition<S>,
): Part<S, OptimizerDefinition<S>> {
  return definePart<S, OptimizerDefinition<S>>("optimizer", definition);
}
