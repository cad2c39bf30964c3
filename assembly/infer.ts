/**
 * The export list of the core that only predicts: forward passes alone. Nothing is recorded there (trains.ts), so the
 * compiler drops backward passes and what only they use. Of the ops there are those that an encoder or a
 * method's logits use (tests/infer fails if one is missing).
 */
export { fillNormal } from "./fill";
export {
  memoryArena,
  memoryArenaPeak,
  memoryArenaUsed,
  memoryPersistent,
  setMemoryLimit,
} from "./memory";
export { add } from "./ops/add";
export { avgPool2d } from "./ops/avg-pool2d";
export { batchNorm } from "./ops/batch-norm";
export { broadcastTo } from "./ops/broadcast-to";
export { concat } from "./ops/concat";
export { conv2d } from "./ops/conv2d";
export { div } from "./ops/div";
export { embeddingBag } from "./ops/embedding-bag";
export { gatherRows } from "./ops/gather-rows";
export { gelu } from "./ops/gelu";
export { globalAvgPool } from "./ops/global-avg-pool";
export { gruCell } from "./ops/gru-cell";
export { layerNorm } from "./ops/layer-norm";
export { linear } from "./ops/linear";
export { logSumExp } from "./ops/log-sum-exp";
export { matmul } from "./ops/matmul";
export { max } from "./ops/max";
export { maxPool2d } from "./ops/max-pool2d";
export { maximum } from "./ops/maximum";
export { mul } from "./ops/mul";
export { permute } from "./ops/permute";
export { relu } from "./ops/relu";
export { reshape } from "./ops/reshape";
export { scatterRows } from "./ops/scatter-rows";
export { sigmoid } from "./ops/sigmoid";
export { slice } from "./ops/slice";
export { softmax } from "./ops/softmax";
export { sqrt } from "./ops/sqrt";
export { square } from "./ops/square";
export { stopGradient } from "./ops/stop-gradient";
export { sum } from "./ops/sum";
export { tanh } from "./ops/tanh";
export { closeScope, openScope } from "./scope";
export { setGradEnabled } from "./tape";
export { createTensor, freeTensor, newNumber } from "./tensor";
export { abiVersion, coreFeatures } from "./version";
