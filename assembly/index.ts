/** The export list of the core: pointers and numbers only cross this border. */
export { axpby } from "./axpby";
export { fillNormal, fillUniform } from "./fill";
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
export { closeScopeKeeping, createAlias, createGradAlias, recordStretch } from "./stretch";
export {
  backward,
  clearGrad,
  closeScope,
  continueBackward,
  isGradEnabled,
  newestBackward,
  newestNode,
  openScope,
  resumeBackward,
  setGradEnabled,
  startBackward,
  stepBackward,
  suspendBackward,
  takeStretch,
} from "./tape";
export { createTensor, freeTensor, newNumber } from "./tensor";
export { abiVersion, coreFeatures } from "./version";
