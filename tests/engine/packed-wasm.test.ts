import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packWasm, unpackWasm } from "../../src/engine/packed-wasm.ts";
import { SIMD_WASM } from "../../src/engine/wasm/simd.ts";

describe("packWasm()", () => {
  it("is undone by unpackWasm(), and needs no escape in JavaScript or HTML", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const text = packWasm(bytes);
        expect(unpackWasm(text)).toEqual(bytes);
        expect([...text].filter((c) => c < " " || c > "~" || "\"\\`$'<".includes(c))).toEqual([]);
      }),
    );
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(unpackWasm(packWasm(all))).toEqual(all);
  });

  it("is no larger on the wire than the binary", () => {
    const binary = unpackWasm(SIMD_WASM);
    expect(gzipSync(SIMD_WASM, { level: 9 }).length).toBeLessThan(
      1.02 * gzipSync(binary, { level: 9 }).length,
    );
  });
});
