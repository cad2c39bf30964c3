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
      /engine: out of memory: expected at most 16777216 bytes, got \d+/,
    );
    expect(engine.tensor([1, 2]).toArray()).toEqual(Float32Array.of(1, 2));
  });
});
