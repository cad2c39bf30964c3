import type { CoreBuild } from "./core-build.ts";
import { RELAXED_WASM } from "./wasm/relaxed.ts";

/** Why this runtime cannot run relaxed SIMD; undefined if it can. */
export function whyNotRelaxed(): string | undefined {
  return WebAssembly.validate(PROBE) ? undefined : "no relaxed SIMD in this runtime";
}

/** `(module (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd ...)))` */
const PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b],
);

/**
 * Products that round once instead of twice (fused multiply-add), where the processor has the instruction.
 *
 * Faster, and a little more exact, but the bits may differ between processors and runtimes. Node from version 22, and
 * current browsers.
 */
export const relaxed: CoreBuild = {
  name: "relaxed",
  wasm: RELAXED_WASM,
  unsupported: whyNotRelaxed,
};
