import { describe, expect, test } from "vitest";
import { TENSOR_DATA } from "../../src/engine/abi.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { mul } from "../../src/ops/index.ts";

const PAGE_FLOATS = 16384;

describe("engine", () => {
  test("records and single numbers are read and written after memory has grown", async () => {
    const engine = await createEngine();
    const small = engine.tensor([1, 2, 3], [3, 1], { persistent: true });
    const one = engine.tensor([7], [], { persistent: true });
    const before = engine.core.memory.buffer.byteLength;
    engine.tensor(0, [before / 4 + PAGE_FLOATS], { persistent: true });
    expect(engine.core.memory.buffer.byteLength).toBeGreaterThan(before);
    expect(small.shape).toEqual([3, 1]);
    expect(one.item()).toBe(7);
    expect(engine.scope(() => engine.scalar(0.5).item())).toBe(0.5);
  });

  test("large persistent tensors begin with a cache line, and what they took is given back whole", async () => {
    const engine = await createEngine();
    const before = engine.memory().persistent;
    for (let round = 0; round < 200; round++) {
      const tensors = [1000, 1024, 3001, 70_000].map((length) =>
        engine.tensor(round, [length], { persistent: true }),
      );
      for (const tensor of tensors.slice(1)) {
        expect((engine.i32[(tensor.pointer + TENSOR_DATA) >>> 2] as number) % 64).toBe(0);
      }
      expect(tensors.map((tensor) => tensor.toArray().at(-1))).toEqual(tensors.map(() => round));
      for (const tensor of tensors) tensor.dispose();
    }
    expect(engine.memory().persistent).toBe(before);
    expect(engine.core.memory.buffer.byteLength).toBeLessThan(4e6);
  });

  test("scalar() makes a constant scalar of the open scope", async () => {
    const engine = await createEngine();
    engine.scope(() => {
      const half = engine.scalar(0.1);
      expect(half.shape).toEqual([]);
      expect(half.requiresGrad).toBe(false);
      expect(half.item()).toBe(Math.fround(0.1));
    });
    expect(() => engine.scalar(1)).toThrow("outside a scope");
  });

  test("a backward pass forgets the spare buffers of one whose scope has ended", async () => {
    const engine = await createEngine();
    const length = 2048;
    const weight = engine.tensor(1, [length], { persistent: true, requiresGrad: true });
    for (let step = 0; step < 3; step++) {
      engine.scope(() => {
        // What lay there before is overwritten by numbers that are no addresses.
        const x = engine.tensor(new Float32Array(length).fill(-1e30), [length]);
        const y = mul(mul(mul(x, weight), 1e-30), -1);
        engine.backward(y, engine.tensor(1, [length]));
        expect(engine.gradient(weight)?.every((v) => Math.abs(v - 1) < 1e-6)).toBe(true);
        engine.core.clearGrad(weight.pointer);
      });
    }
  });
});
