import { entropy } from "../fusion/index.ts";
import { defineMethod } from "./method.ts";
import { unimodal } from "./unimodal.ts";

/**
 * Unimodal ensemble: the modalities trained alone, fused by entropy as MLA does. What MLA gains beyond its fusion rule
 * shows against this.
 */
export const ume = defineMethod({
  name: "ume",
  title: "unimodal ensemble: modalities trained alone, fused by entropy",
  source: "baseline asked for by the reviewers of MLA",
  against: "laziness",
  options: {},
  fusion: entropy(),
  baseline: true,
  startsFrom: unimodal.definition,
  build: (context) => ({ logits: unimodal.definition.build(context).logits }),
});
