import type { PartConfig } from "../config/part.ts";
import { sgd } from "../optim/index.ts";
import { RECIPE_FORMAT, type Recipe } from "./recipes.ts";

/** A recipe with these encoders, and for the rest what suits small data. Nothing was searched for. */
export function plainRecipe(name: string, encoders: Readonly<Record<string, PartConfig>>): Recipe {
  return {
    format: RECIPE_FORMAT,
    data: name,
    training: {
      encoders,
      dim: 64,
      batchSize: 64,
      epochs: 12,
      optimizer: sgd({ rate: 0.1, momentum: 0.9, weightDecay: 1e-4 }),
      clip: 1,
    },
    search: null,
    methods: [],
  };
}
