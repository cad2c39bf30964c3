/** Prediction alone: opens a saved model and predicts. Neither the core nor the code can train. */
export type { AnyPart } from "../config/part.ts";
export type { ModalityInput } from "../data/modality-input.ts";
export * from "../engine/errors.ts";
export type { Prediction, Sample } from "../train/predict.ts";
export { loadModel } from "./load-model.ts";
export { type OpenOptions, Predictor } from "./predictor.ts";
