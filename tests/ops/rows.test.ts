import { describe, expect, it } from "vitest";
import { DataError, OptionError, ShapeError } from "../../src/engine/errors.ts";
import { embedding, embeddingBag, gatherRows, scatterRows } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const table = (rows = 3) => engine.tensor([1, 2, 3, 4, 5, 6].slice(0, 2 * rows), [rows, 2]);
const i32 = (...values: number[]) => engine.tensor(values, [values.length], { dtype: "i32" });

describe("row ops", () => {
  it("name an index out of range, its position and the range", () => {
    engine.scope(() => {
      expect(() => embedding(table(), i32(0, 3))).toThrow(DataError);
      expect(() => embedding(table(), i32(0, 3))).toThrow(
        "embedding: Cannot use id 3 at position 1: expected 0 to 2, got 3",
      );
      expect(() => gatherRows(table(), i32(-1))).toThrow("Cannot use row -1 at position 0");
      expect(() => scatterRows(table(), i32(0, 1, 2), 2)).toThrow("expected 0 to 1, got 2");
      expect(() => gatherRows(table(0), i32(0))).toThrow("expected none, as there are no rows");
    });
  });

  it("refuse float indices, matrices of indices and tables that are none", () => {
    engine.scope(() => {
      expect(() => gatherRows(table(), engine.tensor([0, 1]))).toThrow(OptionError);
      const matrix = engine.tensor([0, 1], [1, 2], { dtype: "i32" });
      expect(() => gatherRows(table(), matrix)).toThrow(ShapeError);
      expect(() => embedding(engine.tensor([1]), i32(0))).toThrow("expected a matrix, got [1]");
      expect(() => scatterRows(table(), i32(0), 4)).toThrow("expected one index per row of x");
      expect(() => scatterRows(table(), i32(0, 1, 2), -1)).toThrow(OptionError);
    });
  });
});

describe("embedding()", () => {
  it("looks rows up and adds the gradients of a row used twice", () => {
    engine.scope(() => {
      const weights = engine.tensor([1, 2, 3, 4], [2, 2], { requiresGrad: true });
      const out = embedding(weights, i32(1, 0, 1));
      expect([...out.toArray()]).toEqual([3, 4, 1, 2, 3, 4]);
      engine.backward(out, engine.tensor([1, 10, 2, 20, 3, 30], [3, 2]));
      expect([...(engine.gradient(weights) ?? [])]).toEqual([2, 20, 4, 40]);
    });
  });
});

describe("embeddingBag()", () => {
  it("refuses offsets that do not ascend from 0, and unknown modes", () => {
    engine.scope(() => {
      const bag = (...offsets: number[]) => embeddingBag(table(), i32(0, 1), i32(...offsets));
      expect(() => bag(1)).toThrow("embeddingBag: Cannot start bag 0: expected offset 0, got 1");
      expect(() => bag(0, 2, 1)).toThrow("Cannot start bag 2: expected offset at least 2, got 1");
      expect(() => bag(0, 3)).toThrow("Cannot use offset 3 at position 1: expected 0 to 2, got 3");
      expect(() => embeddingBag(table(), i32(), i32(), "max" as "sum")).toThrow(
        'embeddingBag: Cannot find mode "max": expected one of "sum", "mean"',
      );
    });
  });

  it("gives zeros for empty bags, also when all are", () => {
    engine.scope(() => {
      expect([...embeddingBag(table(), i32(), i32(0, 0)).toArray()]).toEqual([0, 0, 0, 0]);
    });
  });
});
