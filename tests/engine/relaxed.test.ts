import { describe, expect, it, vi } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { relaxed } from "../../src/engine/relaxed.ts";
import { relaxedThreads } from "../../src/engine/relaxed-threads.ts";
import { fillNormal, matmul } from "../../src/ops/index.ts";
import { TEST_THREADS } from "../support/threads.ts";

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

  it("shares work among threads, with the bits of one, where the runtime can", async () => {
    const pool = { ...TEST_THREADS, build: relaxedThreads };
    const threads = await createEngine({ threads: 2, pool });
    const able = relaxed.unsupported() === undefined;
    expect(threads.info().build).toBe(able ? "relaxed-threads" : "simd");
    const product = (engine: Engine) =>
      engine.scope(() => {
        const a = fillNormal(engine.tensor(0, [160, 160]), 0, 1, 1, "a");
        return matmul(a, a).toArray();
      });
    const one = await createEngine({ build: relaxed });
    expect(product(threads)).toEqual(product(one));
    await threads.dispose();
  });
});
