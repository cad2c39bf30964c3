export { entropy } from "./entropy.ts";
export { fixed } from "./fixed.ts";
export { meanOfLogits } from "./mean-of-logits.ts";
export { meanOfProbabilities } from "./mean-of-probabilities.ts";
export { productOfExperts } from "./product-of-experts.ts";
export { qmfEnergy } from "./qmf-energy.ts";
export { scales } from "./scales.ts";
export { stacking } from "./stacking.ts";
