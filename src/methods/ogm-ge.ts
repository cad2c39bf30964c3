import { defineMethod } from "./method.ts";
import { modulatedSum, OGM_OPTIONS } from "./ogm.ts";

/**
 * On-the-fly gradient modulation with generalisation enhancement: as {@link ogm}, then to every modality's encoder
 * gradient g is added noise ~ N(0, sigma^2) with sigma the standard deviation of g's own elements, tensor by tensor.
 *
 * Source: Peng et al. (CVPR 2022), equations 10 and 12. The public code takes sigma before the modulation, so that the
 * held-back modality gets noise of its full gradient's size; followed here. Noise goes where the modulation goes.
 */
export const ogmGe = defineMethod({
  name: "ogm-ge",
  title: "ogm, with noise added to the encoders' gradients",
  source: "OGM-GE (CVPR 2022)",
  options: OGM_OPTIONS,
  fusion: null,
  build: (context) => modulatedSum(context, true),
});
