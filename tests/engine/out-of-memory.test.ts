import { expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { OutOfMemoryError } from "../../src/engine/errors.ts";
import { sum, tanh } from "../../src/ops/index.ts";

it("a tensor that memory cannot hold is a typed error, and the engine stays usable", async () => {
  const engine = await createEngine({ memoryLimit: 1 << 24 });
  engine.scope(() => {
    expect(() => engine.tensor(0, [1 << 28])).toThrow(OutOfMemoryError);
    expect(() => engine.tensor(0, [1 << 28])).toThrow(
      "engine: out of memory: expected at most 1073741760 bytes in one tensor, got 1073741856",
    );
    expect(() => engine.tensor(0, [1 << 22])).toThrow(
      /engine: out of memory: expected at most 16777216 bytes in all, got 16777248 more; .* take less/,
    );
    expect(engine.tensor([1, 2]).toArray()).toEqual(Float32Array.of(1, 2));
  });
});

it("what a scope took of large tensors is free for others at its end", async () => {
  const engine = await createEngine({ memoryLimit: 1 << 26 });
  const MEGABYTES = 1 << 18;
  engine.scope(() => {
    for (let i = 0; i < 5; i++) engine.tensor(i, [8 * MEGABYTES]);
    expect(engine.memory().reserved).toBeGreaterThan(40 << 20);
  });
  expect(engine.memory().reserved).toBe(4 << 20);
  // Beside what that scope took there were no room for as much.
  const kept = engine.tensor(7, [32 * MEGABYTES], { persistent: true });
  engine.scope(() => {
    const low = engine.tensor(1, [4 * MEGABYTES]);
    engine.scope(() => engine.tensor(2, [12 * MEGABYTES]));
    const high = engine.tensor(3, [20 * MEGABYTES]);
    expect([low.view()[0], low.view().at(-1), high.view()[0]]).toEqual([1, 1, 3]);
    expect(() => engine.tensor(0, [8 * MEGABYTES])).toThrow(OutOfMemoryError);
  });
  expect(kept.view().every((value) => value === 7)).toBe(true);
  kept.dispose();
});

it("a large result of a stretch outlives it, and no longer than its scope", async () => {
  const engine = await createEngine();
  const large = engine.tensor(0.5, [1 << 20], { requiresGrad: true, persistent: true });
  engine.scope(() => {
    const y = engine.recompute((x) => tanh(tanh(x)), large);
    const used = engine.memory().scopes;
    expect(used).toBeLessThan(5 << 20);
    const other = tanh(large);
    engine.backward(sum(y));
    const want = Math.tanh(Math.tanh(0.5));
    for (const at of [0, 1, 2, 3, (1 << 20) - 1]) expect(y.view()[at]).toBeCloseTo(want, 6);
    expect(other.view()[3]).toBeCloseTo(Math.tanh(0.5), 6);
  });
  expect(engine.memory().scopes).toBe(0);
  expect(engine.memory().reserved).toBe(4 << 20);
});
