export { createEngine, type Engine, type EngineOptions, type MemoryUse } from "./engine/engine.ts";
export * from "./engine/errors.ts";
export type { DType, Tensor } from "./engine/tensor.ts";
export * from "./ops/index.ts";
