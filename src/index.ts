export * from "./common.ts";
export { createEngine, type EngineOptions } from "./engine/create-engine.ts";
export { loadModel } from "./train/load-model.ts";
export { type OpenOptions, openModel } from "./train/model.ts";
export { train } from "./train/train.ts";
