import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { OptionError } from "../../src/engine/errors.ts";
import { replayStep } from "../../src/engine/replay.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import { createEngine } from "../../src/index.ts";
import * as ops from "../../src/ops/index.ts";
import { Sgd } from "../../src/optim/index.ts";
import { noise } from "../support/kernel-core.ts";

/** A small convolutional net with batch norm, a stretch that is computed again, and momentum. */
function net(engine: Engine) {
  const make = (shape: number[], seed: number, requiresGrad = true) =>
    engine.tensor(
      noise(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
      shape,
      { persistent: true, requiresGrad },
    );
  const x = make([4, 6, 6, 3], 1, false);
  const labels = engine.tensor([0, 1, 2, 0], [4], { dtype: "i32", persistent: true });
  const filter = make([3, 3, 3, 8], 2);
  const weight = make([3, 8], 3);
  const state = {
    gamma: make([8], 4),
    beta: make([8], 5),
    runningMean: make([8], 6, false),
    runningVar: engine.tensor(1, [8], { persistent: true }),
  };
  const sgd = new Sgd([filter, weight, state.gamma, state.beta], { rate: 0.05 });
  const body = () => {
    sgd.clearGradients();
    const convolved = ops.conv2d(x, filter, { stride: 2, padding: 1 });
    const h = ops.batchNorm(convolved, state, { training: true, activation: "relu" });
    const pooled = engine.recompute((y: Tensor) => ops.mul(ops.globalAvgPool(y), 1.5), h);
    const loss = ops.crossEntropy(ops.linear(pooled, weight), labels);
    engine.backward(loss);
    sgd.step();
    return loss;
  };
  const values = () =>
    [filter, weight, state.gamma, state.beta, state.runningMean, state.runningVar].map((t) =>
      Array.from(t.toArray()),
    );
  return { x, body, values };
}

describe("replayStep()", () => {
  it("has the bits of the step, wherever its results come to lie, and reads new data", async () => {
    const [plain, replayed] = [await createEngine(), await createEngine()];
    const [a, b] = [net(plain), net(replayed)];
    const step = replayStep(replayed, b.body);
    for (let i = 0; i < 8; i++) {
      for (const { x } of [a, b]) x.set(noise(4 * 6 * 6 * 3, 10 + i));
      const expected = plain.scope(() => a.body().item());
      // Around every other step there are tensors in the way.
      const got = replayed.scope(() => {
        if (i % 2 === 1) replayed.tensor(0, [1000 * i]);
        return step();
      });
      expect(got).toBe(expected);
    }
    expect(b.values()).toEqual(a.values());
    expect(replayed.memory().scopes).toBe(0);
  });

  it("composes the step twice, then no more", async () => {
    const engine = await createEngine();
    const { body } = net(engine);
    let composed = 0;
    const step = replayStep(engine, () => {
      composed++;
      return body();
    });
    for (let i = 0; i < 5; i++) step();
    expect(composed).toBe(2);
  });

  it("is seen by a profile", async () => {
    const engine = await createEngine();
    const step = replayStep(engine, net(engine).body);
    for (let i = 0; i < 3; i++) step();
    const { rows } = await engine.profile(() => step());
    expect(rows.map(({ name }) => name)).toContain("conv2d");
  });

  it("refuses numbers that change, other calls, and the host's values", async () => {
    const engine = await createEngine();
    const x = engine.tensor([1, 2, 3], [3], { persistent: true });
    let rate = 0.5;
    const changing = replayStep(engine, () => ops.sum(ops.mul(x, rate++)));
    changing();
    expect(changing).toThrow(
      new OptionError(
        "replayStep: Cannot replay newNumber: expected the same numbers each time, got 0.5, then 1.5",
      ),
    );
    let more = false;
    const growing = replayStep(engine, () => {
      const y = more ? ops.relu(x) : x;
      more = true;
      return ops.sum(y);
    });
    growing();
    expect(growing).toThrow("expected the same numbers each time, got 1 calls, then 2");
    const making = replayStep(engine, () => ops.sum(engine.tensor([1, 2])));
    expect(making).toThrow("expected tensors that were made before it");
    const weight = engine.tensor(2, [1], { persistent: true });
    const single = replayStep(engine, () => {
      ops.sum(x);
      return weight;
    });
    single();
    expect(single).toThrow("expected a result that it computes");
    expect(engine.memory().scopes).toBe(0);
    expect(engine.scope(() => ops.sum(x).item())).toBe(6);
  });
});
