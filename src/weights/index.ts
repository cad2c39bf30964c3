export {
  type EncoderPlace,
  type LoadedWeights,
  type LoadWeightsOptions,
  loadWeights,
  WEIGHT_MAPS,
  type WeightReport,
} from "./load-weights.ts";
