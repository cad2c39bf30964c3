import { mlp } from "../../src/encoders/index.ts";
import type { Recipe } from "../../src/node/recipes.ts";
import { sgd } from "../../src/optim/index.ts";

/** A recipe for the made data whose trainings take a moment. */
export function tinyRecipe(epochs: number): Recipe {
  return {
    format: "altermodal-recipe-1",
    data: "synthetic",
    training: {
      encoders: { easy: mlp({ hidden: [8] }), hard: mlp({ hidden: [8] }) },
      dim: 8,
      batchSize: 128,
      epochs,
      optimizer: sgd({ rate: 0.05 }),
      clip: 0,
    },
    search: null,
    methods: [],
  };
}
