import { describe, expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";

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
});
