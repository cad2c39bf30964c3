import { describe, expect, it, vi } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { relaxed } from "../../src/engine/relaxed.ts";
import { matmul } from "../../src/ops/index.ts";

describe("createEngine({ build: relaxed })", () => {
  it("uses the build where the runtime can, else the embedded one, and says so", async () => {
    const engine = await createEngine({ build: relaxed });
    const able = relaxed.unsupported() === undefined;
    expect(engine.info().build).toBe(able ? "relaxed" : "simd");
    expect(engine.info().reason.includes("the simd build in its place")).toBe(!able);
    const product = engine.scope(() =>
      matmul(engine.tensor([1, 2], [1, 2]), engine.tensor([3, 4], [2, 1])).item(),
    );
    expect(product).toBe(11);
  });

  it("falls back where the runtime refuses its instructions", async () => {
    const validate = vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    const engine = await createEngine({ build: relaxed });
    expect(engine.info()).toEqual({
      build: "simd",
      threads: 1,
      reason: "no relaxed SIMD in this runtime: the simd build in its place; one thread asked for",
    });
    validate.mockRestore();
  });
});
