import type { Mutant } from "./mutant.ts";

const PROPERTIES = ["tests/fusion/properties.test.ts"];
const WEIGHTS = ["tests/fusion/weights.test.ts"];
const FITTED = ["tests/fusion/fitted.test.ts"];
const RULES = ["tests/fusion/fusion.test.ts"];
const rowMath = "src/fusion/row-math.ts";

/** Wrong fusion rules. */
export const FUSION_MUTANTS: readonly Mutant[] = [
  {
    name: "unsure modalities weigh more",
    file: "src/fusion/entropy.ts",
    search: "sharpness * (most - e)",
    replace: "sharpness * (e - most)",
    tests: WEIGHTS,
    only: "entropy",
  },
  {
    name: "energy without the logarithm",
    file: "src/fusion/qmf-energy.ts",
    search: "return top + log(",
    replace: "return top + (",
    tests: WEIGHTS,
  },
  {
    name: "stacking stops before it is fitted",
    file: "src/fusion/stacking.ts",
    search: "const STEPS = 1000;",
    replace: "const STEPS = 1;",
    tests: FITTED,
  },
  {
    name: "stacking is pulled towards no modality at all",
    file: "src/fusion/stacking.ts",
    search: "name === BIAS ? 0 : 1)",
    replace: "0)",
    tests: FITTED,
  },
  {
    name: "weights do not sum to 1",
    file: rowMath,
    search: "return values.map((value) => value / sum);",
    replace: "return values.map((value) => value / (sum + 1e-3));",
    tests: PROPERTIES,
  },
  {
    name: "a sample's result depends on the sample before it",
    file: rowMath,
    search: "out.fill(0);\n  rows.forEach",
    replace: "rows.forEach",
    tests: PROPERTIES,
  },
  {
    name: "a missing modality takes part",
    file: "src/fusion/fusion.ts",
    search: "const modalities = names.filter((m) => input.present[m]?.[i] === 1);",
    replace: "const modalities = names.filter((m) => input.present[m]?.[i] !== undefined);",
    tests: PROPERTIES,
  },
  {
    name: "entropy with a wrong base",
    file: rowMath,
    search: "entropy -= exp(value) * value;",
    replace: "entropy -= (exp(value) * value) / Math.LN2;",
    tests: WEIGHTS,
    only: "entropy weights",
  },
  {
    name: "the first modality weighs more than the others",
    file: "src/fusion/mean-of-logits.ts",
    search: "modalities.map(() => 1 / modalities.length)",
    replace: "modalities.map((_, j) => (j === 0 ? 2 : 1) / (modalities.length + 1))",
    tests: PROPERTIES,
    only: "mean-of-logits",
  },
  {
    name: "scales are fitted to be as wrong as possible",
    file: "src/fusion/scales.ts",
    search: "sum += nllOf(out, label);",
    replace: "sum -= nllOf(out, label);",
    tests: FITTED,
    only: "fitted scales",
  },
  {
    name: "the prior is divided out once too often",
    file: "src/fusion/product-of-experts.ts",
    search: "(logits.length - 1) * (logPrior[c] as number)",
    replace: "logits.length * (logPrior[c] as number)",
    tests: RULES,
  },
  {
    name: "logits are averaged in place of probabilities",
    file: "src/fusion/mean-of-probabilities.ts",
    search: "(out[c] as number) + exp(logs[c] as number)",
    replace: "(out[c] as number) + exp((logs[c] as number) / 2)",
    tests: RULES,
  },
];
