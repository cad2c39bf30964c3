import type { Engine } from "../engine/engine.ts";
import { ALL_PARTS } from "./all-parts.ts";
import { type Model, openModel } from "./model.ts";

/**
 * Opens a saved model of any parts of this library, all of which a bundle then holds; {@link openModel} takes those that
 * are named.
 *
 * @param engine - default: one of its own
 * @throws {DataFormatError} if the bytes are truncated, hostile, or no model of this library
 */
export function loadModel<M extends string = string>(
  bytes: Uint8Array,
  engine?: Engine,
): Promise<Model<M>> {
  return openModel(bytes, { parts: ALL_PARTS, ...(engine && { engine }) });
}
