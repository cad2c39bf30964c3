/** Which samples an epoch goes through, as flags. */
import { SAMPLING_OPTIONS } from "../data/sampling.ts";
import type { Recipe } from "../node/recipes.ts";
import type { FlagSpecs } from "./flags.ts";

export const SAMPLING_FLAGS = SAMPLING_OPTIONS satisfies FlagSpecs;

/** The recipe with what the flags say; what was searched for without them may no longer be best. */
export function withSampling(
  recipe: Recipe,
  flags: Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
): Recipe {
  const set = Object.keys(SAMPLING_FLAGS).filter((name) => given.has(name));
  const own = Object.fromEntries(set.map((name) => [name, flags[name]]));
  return { ...recipe, training: { ...recipe.training, ...own } };
}
