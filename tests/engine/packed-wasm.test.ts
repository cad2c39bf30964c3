import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packWasm } from "../../scripts/pack/pack-wasm.ts";
import { unpackWasm } from "../../src/engine/packed-wasm.ts";
import { FEATURES_WASM } from "../../src/engine/wasm/features.ts";
import { SIMD_WASM } from "../../src/engine/wasm/simd.ts";

describe("unpackWasm()", () => {
  it("undoes packWasm(), whose text needs no escape in JavaScript or HTML", () => {
    const anyBytes = fc.uint8Array({ maxLength: 300 });
    const repeats = fc
      .array(fc.constantFrom(0, 1, 0x20, 0x41, 0xfd, 255), { maxLength: 1500 })
      .map((bytes) => Uint8Array.from(bytes));
    const passes = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(fc.oneof(anyBytes, repeats), passes, (bytes, passes) => {
        const text = packWasm(bytes, passes);
        expect(unpackWasm(text)).toEqual(bytes);
        expect([...text].filter((c) => c < " " || c > "~" || "\"\\`$'<".includes(c))).toEqual([]);
      }),
      { numRuns: 60 },
    );
    // Far longer than any one match.
    const long = new Uint8Array(20_000).fill(7);
    expect(unpackWasm(packWasm(long, 1))).toEqual(long);
  });

  it("gives the binary that the build compiled, of every kind of core", () => {
    expect(unpackWasm(SIMD_WASM)).toEqual(new Uint8Array(readFileSync("build/simd.wasm")));
    expect(unpackWasm(FEATURES_WASM)).toEqual(new Uint8Array(readFileSync("build/features.wasm")));
  });

  it("leaves other text as its bytes", () => {
    expect(unpackWasm("/engine.wasm")).toEqual(new TextEncoder().encode("/engine.wasm"));
  });
});

describe("packWasm()", () => {
  it("is a fifth smaller on the wire than the gzipped binary", () => {
    const binary = unpackWasm(SIMD_WASM);
    const wire = (data: string | Uint8Array) => gzipSync(data, { level: 9 }).length;
    expect(wire(SIMD_WASM)).toBeLessThan(0.8 * wire(binary));
  });
});
