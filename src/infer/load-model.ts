import { INFER_WASM } from "../engine/wasm/infer.ts";
import { type OpenOptions, openPredictor, type Predictor } from "./predictor.ts";

/**
 * Opens a saved model that is made of the given parts.
 *
 * @throws {DataFormatError} if the bytes are truncated, hostile, no model of this library, or ask for another part
 */
export function loadModel<M extends string = string>(
  bytes: Uint8Array,
  { parts, wasm = INFER_WASM }: OpenOptions,
): Promise<Predictor<M>> {
  return openPredictor(bytes, parts, wasm);
}
