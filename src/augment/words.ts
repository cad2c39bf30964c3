import { number } from "../config/options.ts";
import { defineAugmentation } from "../data/augmentation.ts";

/** Words are left out, each with the same chance; of a list that would be empty, one stays. */
export const words = defineAugmentation({
  name: "words",
  title: "leaves words out",
  input: "bag",
  options: {
    drop: number(0.1, "chance that a word is left out; one always stays", { min: 0, max: 1 }),
  },
  build: ({ drop }) => ({
    apply(ids, random) {
      const kept = ids.filter(() => random.float() >= drop);
      if (kept.length > 0 || ids.length === 0) return kept;
      const lucky = random.int(ids.length);
      return ids.slice(lucky, lucky + 1);
    },
  }),
});
