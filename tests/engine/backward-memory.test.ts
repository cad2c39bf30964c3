import { expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { sum, tanh } from "../../src/ops/index.ts";

test("a backward pass reuses the gradients that it is done with", async () => {
  const engine = await createEngine();
  const SIZE = 1 << 14;
  const DEPTH = 20;
  const x = engine.tensor(0.5, [SIZE], { requiresGrad: true, persistent: true });
  const chain = () => {
    let y = tanh(x);
    for (let i = 1; i < DEPTH; i++) y = tanh(y);
    return sum(y);
  };
  const first = engine.scope(() => {
    const loss = chain();
    const forward = engine.memory().scopes;
    engine.backward(loss);
    const spent = engine.memory().scopes - forward;
    // Two gradients are alive at a time, of DEPTH.
    expect(spent).toBeLessThan(3 * SIZE * 4);
    return engine.gradient(x)?.[SIZE - 1] as number;
  });
  engine.scope(() => {
    // A second pass over one tape adds the same once more.
    const loss = chain();
    engine.backward(loss);
    engine.backward(loss);
    expect(engine.gradient(x)?.[SIZE - 1]).toBeCloseTo(3 * first, 5);
  });
});
