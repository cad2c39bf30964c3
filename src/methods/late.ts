import { meanOfProbabilities } from "../fusion/index.ts";
import { defineMethod } from "./method.ts";
import { unimodal } from "./unimodal.ts";

/** Late fusion: the modalities trained alone, their probabilities averaged. */
export const late = defineMethod({
  name: "late",
  title: "late fusion: modalities trained alone, probabilities averaged",
  source: "MLA (CVPR 2024), baselines",
  against: "missing modalities",
  options: {},
  fusion: meanOfProbabilities(),
  baseline: true,
  startsFrom: unimodal.definition,
  build: (context) => ({ logits: unimodal.definition.build(context).logits }),
});
