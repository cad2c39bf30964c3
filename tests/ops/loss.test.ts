import { describe, expect, it } from "vitest";
import { DataError, OptionError, ShapeError } from "../../src/engine/errors.ts";
import {
  crossEntropy,
  entropy,
  logSoftmax,
  softCrossEntropy,
  softmax,
} from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const zeros = (...shape: number[]) => engine.tensor(0, shape);
const i32 = (...values: number[]) => engine.tensor(values, [values.length], { dtype: "i32" });

describe("softmax()", () => {
  it("stays finite for large values and takes -infinity as impossible", () => {
    engine.scope(() => {
      const x = engine.tensor([1e4, 1e4 - 1, -Infinity]);
      const [p, q, r] = softmax(x).toArray();
      expect(p).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
      expect((p as number) + (q as number)).toBeCloseTo(1, 6);
      expect(r).toBe(0);
      expect(logSoftmax(x).toArray()[2]).toBe(-Infinity);
    });
  });

  it("refuses a scalar", () => {
    engine.scope(() => {
      expect(() => softmax(engine.tensor(1))).toThrow(ShapeError);
      expect(() => entropy(engine.tensor(1))).toThrow("entropy: Cannot normalise a row");
    });
  });
});

describe("entropy()", () => {
  it("is log n for even and 0 for sure rows, with a gradient of zeros at both", () => {
    engine.scope(() => {
      const x = engine.tensor([3, 3, 3, 200, 0, -Infinity], [2, 3], { requiresGrad: true });
      const h = entropy(x);
      expect(h.shape).toEqual([2]);
      expect(h.toArray()[0]).toBeCloseTo(Math.log(3), 6);
      expect(h.toArray()[1]).toBe(0);
      engine.backward(h, engine.tensor([1, 1]));
      for (const d of engine.gradient(x) ?? [Number.NaN]) expect(d).toBeCloseTo(0, 6);
    });
  });
});

describe("crossEntropy()", () => {
  it("names a label out of range, its position and the range", () => {
    engine.scope(() => {
      const attempt = () => crossEntropy(zeros(2, 6), i32(5, 7));
      expect(attempt).toThrow(DataError);
      expect(attempt).toThrow(
        "crossEntropy: Cannot use label 7 at position 1: expected 0 to 5, got 7",
      );
      expect(() => crossEntropy(zeros(1, 6), i32(-1))).toThrow("Cannot use label -1");
    });
  });

  it("refuses what does not fit", () => {
    engine.scope(() => {
      const logits = zeros(2, 3);
      expect(() => crossEntropy(zeros(3), i32(0))).toThrow("expected logits [n, C], got [3]");
      expect(() => crossEntropy(logits, i32(0))).toThrow(ShapeError);
      expect(() => crossEntropy(logits, engine.tensor([0, 1]))).toThrow(OptionError);
      const labels = i32(0, 1);
      expect(() => crossEntropy(logits, labels, { classWeights: zeros(2) })).toThrow(
        "crossEntropy: Cannot weigh by class: expected [3], got [2]",
      );
      expect(() => crossEntropy(logits, labels, { sampleWeights: zeros(3) })).toThrow(
        "crossEntropy: Cannot weigh by sample: expected [2], got [3]",
      );
      expect(() => crossEntropy(logits, labels, { labelSmoothing: 1.5 })).toThrow(OptionError);
      expect(() => crossEntropy(logits, labels, { reduction: "avg" as "sum" })).toThrow(
        'Cannot find reduction "avg": expected one of "none", "mean", "sum"',
      );
    });
  });

  it("stays finite where a probability underflows", () => {
    engine.scope(() => {
      const logits = engine.tensor([500, -500], [1, 2], { requiresGrad: true });
      const loss = crossEntropy(logits, i32(1));
      expect(loss.item()).toBe(1000);
      engine.backward(loss);
      expect([...(engine.gradient(logits) ?? [])]).toEqual([1, -1]);
    });
  });

  it("is 0 without gradient when all weights are 0", () => {
    engine.scope(() => {
      const logits = engine.tensor([1, 2], [1, 2], { requiresGrad: true });
      const loss = crossEntropy(logits, i32(1), { sampleWeights: zeros(1) });
      expect(loss.item()).toBe(0);
      engine.backward(loss);
      expect([...(engine.gradient(logits) ?? [1])]).toEqual([0, 0]);
    });
  });

  it("weighs samples as if they were repeated", () => {
    engine.scope(() => {
      const rows = [0.5, -1, 2, 1, 0, -0.5];
      const weighted = crossEntropy(engine.tensor(rows, [2, 3]), i32(2, 0), {
        sampleWeights: engine.tensor([2, 1]),
      });
      const repeated = crossEntropy(
        engine.tensor([...rows.slice(0, 3), ...rows], [3, 3]),
        i32(2, 2, 0),
      );
      expect(weighted.item()).toBeCloseTo(repeated.item(), 6);
    });
  });
});

describe("softCrossEntropy()", () => {
  it("agrees with crossEntropy on one-hot targets, value and gradient", () => {
    engine.scope(() => {
      const rows = [0.5, -1, 2, 1, 0, -0.5];
      const a = engine.tensor(rows, [2, 3], { requiresGrad: true });
      const b = engine.tensor(rows, [2, 3], { requiresGrad: true });
      const hard = crossEntropy(a, i32(2, 0));
      const targets = engine.tensor([0, 0, 1, 1, 0, 0], [2, 3]);
      const soft = softCrossEntropy(b, targets);
      expect(soft.item()).toBeCloseTo(hard.item(), 6);
      engine.backward(hard);
      engine.backward(soft);
      const want = engine.gradient(a) ?? [];
      const got = engine.gradient(b) ?? [];
      expect(want.length).toBe(6);
      want.forEach((d, i) => {
        expect(got[i]).toBeCloseTo(d, 6);
      });
    });
  });

  it("gives one loss per sample, or their sum, and refuses other shapes and names", () => {
    engine.scope(() => {
      const logits = zeros(2, 4);
      const targets = engine.tensor(0.25, [2, 4]);
      const losses = softCrossEntropy(logits, targets, { reduction: "none" }).toArray();
      expect(losses.length).toBe(2);
      expect(losses[1]).toBeCloseTo(Math.log(4), 6);
      const total = softCrossEntropy(logits, targets, { reduction: "sum" }).item();
      expect(total).toBeCloseTo(2 * Math.log(4), 6);
      expect(() => softCrossEntropy(logits, zeros(2, 3))).toThrow("expected two of [n, C]");
      expect(() => softCrossEntropy(logits, targets, { reduction: "avg" as "sum" })).toThrow(
        'softCrossEntropy: Cannot find reduction "avg"',
      );
    });
  });
});
