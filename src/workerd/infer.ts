/** Prediction alone where bytes may not be compiled (Cloudflare Workers): its core is imported as a module. */
export type { AnyPart } from "../config/part.ts";
export type { ModalityInput } from "../data/modality-input.ts";
export * from "../engine/errors.ts";
export { type OpenOptions, Predictor } from "../infer/predictor.ts";
export type { Prediction, Sample } from "../train/predict.ts";

import { type OpenOptions, openPredictor, type Predictor } from "../infer/predictor.ts";
import core from "../infer.wasm";

/** As `loadModel` of `altermodal/infer`. */
export function loadModel<M extends string = string>(
  bytes: Uint8Array,
  { parts, wasm = core }: OpenOptions,
): Promise<Predictor<M>> {
  return openPredictor(bytes, parts, wasm);
}
