import type { OpName } from "../src/engine/wasm/exports.ts";
import { CONV_CASES } from "./ops/conv.cases.ts";
import { DROPOUT_CASES } from "./ops/dropout.cases.ts";
import { ELEMENTWISE_CASES } from "./ops/elementwise.cases.ts";
import { LOSS_CASES } from "./ops/loss.cases.ts";
import { MATMUL_CASES } from "./ops/matmul.cases.ts";
import { NORM_CASES } from "./ops/norm.cases.ts";
import { POOL_CASES } from "./ops/pool.cases.ts";
import { RECURRENCE_CASES } from "./ops/recurrence.cases.ts";
import { REDUCTION_CASES } from "./ops/reduction.cases.ts";
import { ROW_CASES } from "./ops/rows.cases.ts";
import { SHAPE_CASES } from "./ops/shape.cases.ts";
import type { OpCase } from "./support/op-case.ts";

/** One row per op of the core; the compiler asks for a missing one. */
export const OP_CASES: Readonly<Record<OpName, OpCase>> = {
  ...CONV_CASES,
  ...DROPOUT_CASES,
  ...ELEMENTWISE_CASES,
  ...LOSS_CASES,
  ...MATMUL_CASES,
  ...NORM_CASES,
  ...RECURRENCE_CASES,
  ...REDUCTION_CASES,
  ...POOL_CASES,
  ...ROW_CASES,
  ...SHAPE_CASES,
};
