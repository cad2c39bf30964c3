/** The export list of the features core: signal and picture kernels on raw pointers, in a WASM module of their own. */
import { ABI_VERSION } from "../../src/engine/abi";

export { logarithm } from "./logarithm";
export { allocate, reset } from "./memory";
export { frame_spectra, spectrum_work_bytes } from "./spectrum";

/** Compared by the host at load, so that a stale binary is refused. */
export function abiVersion(): i32 {
  return ABI_VERSION;
}
