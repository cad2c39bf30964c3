/** The export list of the core: pointers and numbers only cross this border. */
export { axpby } from "./axpby";
export {
  backward,
  continueBackward,
  resumeBackward,
  startBackward,
  stepBackward,
  suspendBackward,
  takeStretch,
} from "./backward";
export { fillNormal, fillUniform } from "./fill";
export { clearGrad } from "./gradient";
export * from "./kernels";
export * from "./linalg";
export {
  memoryArena,
  memoryArenaPeak,
  memoryArenaUsed,
  memoryPersistent,
  setMemoryLimit,
} from "./memory";
export { operationCount } from "./operations";
export * from "./ops";
export * from "./optim";
export { createPool, setThreads, workerFailed, workerLoop } from "./parallel";
export { closeScope, openScope } from "./scope";
export { closeScopeKeeping, createAlias, createGradAlias, recordStretch } from "./stretch";
export { isGradEnabled, newestBackward, newestNode, setGradEnabled } from "./tape";
export { createTensor, freeTensor, newNumber } from "./tensor";
export { abiVersion, coreFeatures } from "./version";
