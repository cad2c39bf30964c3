import type { Engine } from "../../src/engine/engine.ts";
import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { build, type NdArray, sizeOf } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

/** Five picks with a repetition out of n + 1 rows. */
function picks(n: number): number[] {
  return [n, 0, n >> 1, n, 1].map((row) => Math.min(row, n));
}

function i32(engine: Engine, values: readonly number[]) {
  return engine.tensor(values, [values.length], { dtype: "i32" });
}

function rowWidth(x: NdArray): number {
  return sizeOf(x.shape.slice(1));
}

function element(x: NdArray, row: number, column: number): number {
  return x.data[row * rowWidth(x) + column] as number;
}

export const ROW_CASES = {
  gatherRows: {
    shapes: (n) => [[[n + 1]], [[n + 1, 3]], [[n + 1, 2, 4]], [[n + 1, n]]],
    run: ([x], engine, n) => ops.gatherRows(x, i32(engine, picks(n))),
    reference: ([x], n) => {
      const rows = picks(n);
      const width = rowWidth(x);
      return build([rows.length, ...x.shape.slice(1)], (_, flat) =>
        element(x, rows[Math.floor(flat / width)] as number, flat % width),
      );
    },
    tolerance: 0,
  },
  scatterRows: {
    shapes: (n) => [[[5]], [[5, 3]], [[5, 2, 4]], [[5, n]]],
    run: ([x], engine, n) => ops.scatterRows(x, i32(engine, picks(n)), n + 1),
    reference: ([x], n) => {
      const rows = picks(n);
      const width = rowWidth(x);
      return build([n + 1, ...x.shape.slice(1)], (_, flat) =>
        rows.reduce(
          (sum, row, i) =>
            row === Math.floor(flat / width) ? sum + element(x, i, flat % width) : sum,
          0,
        ),
      );
    },
    tolerance: 1e-6,
  },
  embeddingBag: {
    // Five ids in four bags: one of 2, an empty one, one of 2, one of 1.
    shapes: (n) => [[[n + 1, 3]], [[n + 1, 4]], [[n + 1, n]]],
    run: ([table], engine, n) =>
      ops.embeddingBag(
        table,
        i32(engine, picks(n)),
        i32(engine, [0, 2, 2, 4]),
        n & 1 ? "mean" : "sum",
      ),
    reference: ([table], n) => {
      const ids = picks(n);
      const bags = [ids.slice(0, 2), [], ids.slice(2, 4), ids.slice(4)];
      return build([4, rowWidth(table)], ([bag, column]) => {
        const members = bags[bag as number] as number[];
        const sum = members.reduce((s, id) => s + element(table, id, column as number), 0);
        return n & 1 && members.length > 0 ? sum / members.length : sum;
      });
    },
    tolerance: 1e-6,
  },
} satisfies Partial<Record<OpName, OpCase>>;
