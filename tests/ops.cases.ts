import type { OpName } from "../src/engine/wasm/exports.ts";
import * as ops from "../src/ops/index.ts";
import { MATMUL_CASES } from "./ops/matmul.cases.ts";
import { ROW_CASES } from "./ops/rows.cases.ts";
import { mapNd } from "./support/nd-array.ts";
import type { OpCase } from "./support/op-case.ts";

/** One row per op of the core; the compiler asks for a missing one. */
export const OP_CASES: Readonly<Record<OpName, OpCase>> = {
  relu: {
    shapes: (n) => [[[n]], [[2, n, 3]]],
    run: (x) => ops.relu(x[0]),
    reference: (x) => mapNd(x[0], (v) => Math.max(v, 0)),
    tolerance: 0,
    kink: 1e-3,
  },
  ...MATMUL_CASES,
  ...ROW_CASES,
};
