/** The library without the bytes of its core, which `createEngine({ wasm })` is given. */
export * from "../common.ts";
export type { SlimEngineOptions, SlimOpenOptions, SlimTrainConfig } from "./slim.ts";
export { createEngine, loadModel, openModel, train } from "./slim.ts";
