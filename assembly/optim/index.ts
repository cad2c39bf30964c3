export { adamStep } from "./adam";
export { clipGrads, gradNorm, scaleGrads } from "./clip";
export {
  applyUpdates,
  clearGrads,
  freeGrads,
  parameterListCreate,
  parameterListFree,
  parameterListFreeze,
  parameterListSet,
  parameterListSetSteps,
  parameterListState,
  parameterListSteps,
} from "./parameter-list";
export { sgdStep } from "./sgd";
export { snapshotMix, snapshotRestore, snapshotTake } from "./snapshot";
