/** One line per op. */
export { embeddingBag } from "./embedding-bag";
export { gatherRows } from "./gather-rows";
export { linear } from "./linear";
export { matmul } from "./matmul";
export { relu } from "./relu";
export { scatterRows } from "./scatter-rows";
