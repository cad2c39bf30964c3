import { expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { OutOfMemoryError } from "../../src/engine/errors.ts";

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

it("blocks that scopes have left are given back where memory is short", async () => {
  const engine = await createEngine({ memoryLimit: 1 << 26 });
  const MEGABYTES = 1 << 18;
  engine.scope(() => {
    for (let i = 0; i < 5; i++) engine.tensor(i, [8 * MEGABYTES]);
  });
  expect(engine.memory().reserved).toBeGreaterThan(40 << 20);
  // Beside what that scope took there is no room for as much.
  const kept = engine.tensor(7, [32 * MEGABYTES], { persistent: true });
  expect(engine.memory().reserved).toBe(0);
  engine.scope(() => {
    const low = engine.tensor(1, [4 * MEGABYTES]);
    engine.scope(() => engine.tensor(2, [12 * MEGABYTES]));
    // Within a scope, what lies before stays.
    const high = engine.tensor(3, [13 * MEGABYTES]);
    expect([low.view()[0], low.view().at(-1), high.view()[0]]).toEqual([1, 1, 3]);
    expect(() => engine.tensor(0, [8 * MEGABYTES])).toThrow(OutOfMemoryError);
  });
  expect(kept.view().every((value) => value === 7)).toBe(true);
  kept.dispose();
});
