import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import { batchNorm, layerNorm, mul, relu, sum } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;

function state() {
  return {
    gamma: engine.tensor([1, 2]),
    beta: engine.tensor([0, 1]),
    runningMean: engine.tensor([0, 10]),
    runningVar: engine.tensor([1, 4]),
  };
}

describe("batchNorm()", () => {
  it.each([true, false])(
    "cuts off below 0 with the bits of relu after it, training %s",
    (training) => {
      for (const other of [ENGINES.simd, ENGINES.scalar]) {
        const run = (fused: boolean) =>
          other.scope(() => {
            const numbers = (length: number, seed: number) =>
              Array.from({ length }, (_, i) => ((i * 37 + seed) % 23) / 7 - 1.5);
            const make = (values: readonly number[], shape: readonly number[]) =>
              other.tensor(values, shape, { requiresGrad: true });
            const x = make(numbers(63, 0), [3, 3, 7]);
            const gamma = make(numbers(7, 4), [7]);
            const beta = make(numbers(7, 9), [7]);
            const state = {
              gamma,
              beta,
              runningMean: other.tensor(0, [7]),
              runningVar: other.tensor(1, [7]),
            };
            const y = fused
              ? batchNorm(x, state, { training, activation: "relu" })
              : relu(batchNorm(x, state, { training }));
            other.backward(sum(mul(y, other.tensor(numbers(63, 5), [3, 3, 7]))));
            const gradients = [x, gamma, beta].map((t) => [...(other.gradient(t) ?? [])]);
            return [[...y.toArray()], ...gradients, [...state.runningVar.toArray()]];
          });
        const together = run(true);
        expect(together).toEqual(run(false));
        expect(together[0]).toContain(0);
      }
    },
  );

  it("lists the activations there are", () => {
    engine.scope(() => {
      const x = engine.tensor([1, 0, 3, 2], [2, 2]);
      const activation = "gelu" as "relu";
      expect(() => batchNorm(x, state(), { training: true, activation })).toThrow(
        'batchNorm: Cannot find activation "gelu": expected one of',
      );
    });
  });

  it("moves the running statistics towards the batch's, the variance unbiased", () => {
    engine.scope(() => {
      const s = state();
      const x = engine.tensor([1, 0, 3, 2], [2, 2]);
      batchNorm(x, s, { training: true, momentum: 0.5 });
      expect([...s.runningMean.toArray()]).toEqual([1, 5.5]);
      expect([...s.runningVar.toArray()]).toEqual([1.5, 3]);
    });
  });

  it("leaves them in evaluation", () => {
    engine.scope(() => {
      const s = state();
      const out = batchNorm(engine.tensor([1, 14], [1, 2]), s, { training: false, eps: 0 });
      expect([...out.toArray()]).toEqual([1, 5]);
      expect([...s.runningMean.toArray()]).toEqual([0, 10]);
    });
  });

  it("uses the running statistics for a batch of one value per channel, and leaves them", () => {
    engine.scope(() => {
      const s = state();
      const x = engine.tensor([1, 14], [1, 2], { requiresGrad: true });
      const out = batchNorm(x, s, { training: true, eps: 0 });
      expect([...out.toArray()]).toEqual([1, 5]);
      expect([...s.runningVar.toArray()]).toEqual([1, 4]);
      engine.backward(out, engine.tensor([1, 1], [1, 2]));
      expect([...(engine.gradient(x) ?? [])]).toEqual([1, 1]);
    });
  });

  it("keeps its precision over a long batch far from 0", () => {
    engine.scope(() => {
      const values = Float32Array.from({ length: 40_000 }, (_, i) => 1000 + (i % 4));
      const s = {
        gamma: engine.tensor([1]),
        beta: engine.tensor([0]),
        runningMean: engine.tensor([0]),
        runningVar: engine.tensor([0]),
      };
      batchNorm(engine.tensor(values, [values.length, 1]), s, { training: true, momentum: 1 });
      expect(s.runningMean.item()).toBe(1001.5);
      expect(s.runningVar.item()).toBeCloseTo((1.25 * 40_000) / 39_999, 6);
    });
  });

  it("refuses a state that does not fit and a momentum out of range", () => {
    engine.scope(() => {
      const x = engine.tensor(0, [2, 3]);
      expect(() => batchNorm(x, state(), { training: true })).toThrow(ShapeError);
      expect(() => batchNorm(x, state(), { training: true })).toThrow(
        "batchNorm: Cannot use gamma: expected [3], got [2]",
      );
      const y = engine.tensor(0, [2, 2]);
      expect(() => batchNorm(y, state(), { training: true, momentum: 2 })).toThrow(OptionError);
    });
  });
});

describe("layerNorm()", () => {
  it("refuses gamma of another length", () => {
    engine.scope(() => {
      const ones = engine.tensor([1, 1]);
      expect(() => layerNorm(engine.tensor(0, [2, 3]), ones, ones)).toThrow(
        "layerNorm: Cannot use gamma: expected [3], got [2]",
      );
    });
  });
});
