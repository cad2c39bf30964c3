/** The export list of the features core: signal and picture kernels on raw pointers, in a WASM module of their own. */
import { ABI_VERSION } from "../../src/engine/abi";

export { logarithm } from "./logarithm";
export { allocate, reset } from "./memory";
export { u8_divide_by_opacity, u8_multiply_by_opacity } from "./opacity";
export { f32_resample } from "./resample";
export { u8_resize_work_bytes, u8_resize_x, u8_resize_y } from "./resize-bytes";
export { f32_resize_x, f32_resize_y } from "./resize-floats";
export { frame_spectra, spectrum_work_bytes } from "./spectrum";

/** Compared by the host at load, so that a stale binary is refused. */
export function abiVersion(): i32 {
  return ABI_VERSION;
}
