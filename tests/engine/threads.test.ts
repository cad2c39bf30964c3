import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { InternalError, OptionError } from "../../src/engine/errors.ts";
import { matmul, sum } from "../../src/ops/index.ts";
import { TEST_THREADS } from "../support/threads.ts";

afterEach(() => vi.unstubAllGlobals());

/** Sum of a product large enough to be shared. */
function multiply(engine: Engine): number {
  return engine.scope(() => {
    const a = engine.tensor(0.5, [128, 128]);
    return sum(matmul(a, a)).item();
  });
}

const PRODUCT_SUM = 128 * 128 * 128 * 0.25;

describe("createEngine({ threads })", () => {
  it("runs one thread unless more are asked for", async () => {
    const engine = await createEngine({ pool: TEST_THREADS });
    expect(engine.info()).toEqual({ build: "simd", threads: 1, reason: "one thread asked for" });
  });

  it("shares work and says how many threads there are", async () => {
    const engine = await createEngine({ threads: 2, pool: TEST_THREADS });
    expect(engine.info()).toEqual({
      build: "simd-threads",
      threads: 2,
      reason: "2 threads asked for",
    });
    expect(multiply(engine)).toBe(PRODUCT_SUM);
    await engine.dispose();
  });

  it("takes as many as there are processors", async () => {
    const pool = { ...TEST_THREADS, processors: 3 };
    const engine = await createEngine({ threads: "auto", pool });
    expect(engine.info()).toMatchObject({ threads: 3, reason: "3 processors" });
    await engine.dispose();
    const alone = await createEngine({ threads: "auto", pool: { ...pool, processors: 1 } });
    expect(alone.info()).toMatchObject({ build: "simd", threads: 1, reason: "one processor" });
  });

  it("falls back to one thread and says why", async () => {
    expect((await createEngine({ threads: 2 })).info().reason).toBe("no pool of threads given");

    const build = { ...TEST_THREADS.build, wasm: undefined };
    const uncompiled = await createEngine({ threads: 2, pool: { ...TEST_THREADS, build } });
    expect(uncompiled.info().reason).toMatch("simd-threads is not compiled");

    const spawn = () => Promise.reject(new Error("no such script"));
    const failing = await createEngine({ threads: 2, pool: { ...TEST_THREADS, spawn } });
    expect(failing.info()).toEqual({
      build: "simd",
      threads: 1,
      reason: "workers do not start: no such script",
    });

    vi.stubGlobal("SharedArrayBuffer", undefined);
    const unshared = await createEngine({ threads: 2, pool: TEST_THREADS });
    expect(unshared.info().reason).toBe("no shared memory");
    vi.stubGlobal("crossOriginIsolated", false);
    const open = await createEngine({ threads: 2, pool: TEST_THREADS });
    expect(open.info().reason).toBe("not cross-origin isolated");
    expect(multiply(open)).toBe(PRODUCT_SUM);
  });

  it("throws if threads are required and cannot be had, and at wrong numbers", async () => {
    await expect(createEngine({ threads: "require" })).rejects.toThrow(OptionError);
    await expect(createEngine({ threads: "require" })).rejects.toThrow("no pool of threads given");
    await expect(createEngine({ threads: 0 })).rejects.toThrow("a whole number >= 1");
    await expect(createEngine({ threads: 1.5 })).rejects.toThrow(OptionError);
  });
});

describe("an engine with threads", () => {
  it("stays usable after dispose(), on one thread", async () => {
    const engine = await createEngine({ threads: 3, pool: TEST_THREADS });
    const kept = engine.tensor([1, 2, 3], [3], { persistent: true });
    await engine.dispose();
    await engine.dispose();
    expect(engine.info()).toMatchObject({ threads: 1, reason: "the engine was disposed of" });
    expect([...kept.toArray()]).toEqual([1, 2, 3]);
    expect(multiply(engine)).toBe(PRODUCT_SUM);
  });

  it("reads what lies beyond the memory that it started with", async () => {
    const engine = await createEngine({ threads: 2, pool: TEST_THREADS });
    const tensors = [1, 2, 3].map((value) => engine.tensor(value, [1 << 20], { persistent: true }));
    expect(tensors.map((tensor) => [tensor.size, tensor.view()[1048575]])).toEqual([
      [1 << 20, 1],
      [1 << 20, 2],
      [1 << 20, 3],
    ]);
    expect(multiply(engine)).toBe(PRODUCT_SUM);
    await engine.dispose();
  });

  it("panics when a worker failed, instead of waiting for it", async () => {
    const engine = await createEngine({ threads: 2, pool: TEST_THREADS });
    engine.core.workerFailed(engine.core.createPool(1));
    expect(() => multiply(engine)).toThrow(InternalError);
    expect(() => multiply(engine)).toThrow("a worker failed");
    await engine.dispose();
  });

  it("does not keep the process alive", () => {
    const program = `
      const { createEngine } = await import("./dist/engine/create-engine.js");
      const { nodeThreads } = await import("./dist/node/threads.js");
      const engine = await createEngine({ threads: 2, pool: nodeThreads });
      console.log(engine.info().threads);`;
    const options = { encoding: "utf8", timeout: 20_000 } as const;
    const output = execFileSync("node", ["--input-type=module", "-e", program], options);
    expect(output).toBe("2\n");
  });
});
