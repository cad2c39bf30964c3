export { relu } from "./activation.ts";
export {
  type FusedActivation,
  type LinearOptions,
  linear,
  type MatmulOptions,
  matmul,
} from "./matmul.ts";
export { type BagMode, embedding, embeddingBag, gatherRows, scatterRows } from "./rows.ts";
