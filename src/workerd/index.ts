/** The library where bytes may not be compiled (Cloudflare Workers): its core is imported as a module. */
export * from "../slim/index.ts";

import type { AnyPart } from "../config/part.ts";
import type { Engine } from "../engine/engine.ts";
import { type EngineOptions, startEngine } from "../engine/start-engine.ts";
import wasm from "../engine.wasm";
import { ALL_PARTS } from "../train/all-parts.ts";
import { type Model, type OpenOptions, openModelOn } from "../train/model.ts";
import { type Train, trainOn } from "../train/train.ts";

/** As `createEngine` of `altermodal`. */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine(wasm, options);
}

/** As `train` of `altermodal`. */
export const train: Train = /* @__PURE__ */ trainOn(createEngine);

/** As `openModel` of `altermodal`. */
export async function openModel<M extends string = string>(
  bytes: Uint8Array,
  { parts, engine }: OpenOptions,
): Promise<Model<M>> {
  return openModelOn(engine ?? (await createEngine()), bytes, parts);
}

/** As `loadModel` of `altermodal`. */
export function loadModel<M extends string = string>(
  bytes: Uint8Array,
  engine?: Engine,
): Promise<Model<M>> {
  return openModel(bytes, { parts: ALL_PARTS as readonly AnyPart[], ...(engine && { engine }) });
}
