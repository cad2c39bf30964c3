/** The export list of the core: pointers and numbers only cross this border. */
import { ABI_VERSION } from "../src/engine/abi";
import { checkLayout } from "./tensor";

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
export * from "./ops";
export * from "./optim";
export { backward, clearGrad, closeScope, openScope, setGradEnabled } from "./tape";
export { createTensor, freeTensor } from "./tensor";

/** Compared by the host at load, so that a stale binary is refused. */
export function abiVersion(): i32 {
  checkLayout();
  return ABI_VERSION;
}
