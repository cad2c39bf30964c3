import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { erf } from "../support/erf.ts";
import { mapNd, zipNd } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

const UNARY_SHAPES: OpCase["shapes"] = (n) => [[[n]], [[2, n, 3]]];

/** Same shape, scalar, suffix, column, both ways, and strided in the middle. */
const BINARY_SHAPES: OpCase["shapes"] = (n) => [
  [[n], [n]],
  [[n], []],
  [[], [n]],
  [[3, n], [n]],
  [[n], [3, n]],
  [
    [3, n],
    [3, 1],
  ],
  [
    [n, 1],
    [n, 3],
  ],
  [
    [2, 1, n],
    [2, 3, n],
  ],
  [
    [2, 1, n, 1],
    [3, 1, 2],
  ],
];

function unaryCase(
  run: OpCase["run"],
  f: (x: number) => number,
  rest: Partial<OpCase> = {},
): OpCase {
  return {
    shapes: UNARY_SHAPES,
    run,
    reference: ([x]) => mapNd(x, f),
    tolerance: 0,
    ...rest,
  };
}

function binaryCase(
  run: OpCase["run"],
  f: (a: number, b: number) => number,
  rest: Partial<OpCase> = {},
): OpCase {
  return {
    shapes: BINARY_SHAPES,
    run,
    reference: ([a, b]) => zipNd(a, b, f),
    tolerance: 1e-7,
    ...rest,
  };
}

const NO_GRADIENT = { tolerance: 0, gradientTolerance: null };

export const ELEMENTWISE_CASES = {
  abs: unaryCase(([x]) => ops.abs(x), Math.abs, { kink: 1e-3 }),
  add: binaryCase(
    ([a, b]) => ops.add(a, b),
    (a, b) => a + b,
  ),
  div: binaryCase(
    ([a, b]) => ops.div(a, b),
    (a, b) => a / b,
    { domain: [0.5, 2] },
  ),
  equal: binaryCase(
    ([a, b]) => ops.equal(a, b),
    (a, b) => Number(a === b),
    NO_GRADIENT,
  ),
  exp: unaryCase(([x]) => ops.exp(x), Math.exp, { tolerance: 2e-7 }),
  gelu: unaryCase(
    ([x]) => ops.gelu(x),
    (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
    {
      tolerance: 8e-7,
      domain: [-5, 5],
    },
  ),
  greater: binaryCase(
    ([a, b]) => ops.greater(a, b),
    (a, b) => Number(a > b),
    NO_GRADIENT,
  ),
  less: binaryCase(
    ([a, b]) => ops.less(a, b),
    (a, b) => Number(a < b),
    NO_GRADIENT,
  ),
  log: unaryCase(([x]) => ops.log(x), Math.log, { tolerance: 3e-7, domain: [0.1, 9] }),
  maximum: binaryCase(([a, b]) => ops.maximum(a, b), Math.max),
  minimum: binaryCase(([a, b]) => ops.minimum(a, b), Math.min),
  mul: binaryCase(
    ([a, b]) => ops.mul(a, b),
    (a, b) => a * b,
  ),
  neg: unaryCase(
    ([x]) => ops.neg(x),
    (x) => -x,
  ),
  relu: unaryCase(
    ([x]) => ops.relu(x),
    (x) => Math.max(x, 0),
    { kink: 1e-3 },
  ),
  sigmoid: unaryCase(
    ([x]) => ops.sigmoid(x),
    (x) => 1 / (1 + Math.exp(-x)),
    {
      tolerance: 3e-7,
      domain: [-9, 9],
    },
  ),
  sqrt: unaryCase(([x]) => ops.sqrt(x), Math.sqrt, { tolerance: 1e-7, domain: [0.1, 9] }),
  square: unaryCase(
    ([x]) => ops.square(x),
    (x) => x * x,
    { tolerance: 1e-7 },
  ),
  sub: binaryCase(
    ([a, b]) => ops.sub(a, b),
    (a, b) => a - b,
  ),
  tanh: unaryCase(([x]) => ops.tanh(x), Math.tanh, { tolerance: 4e-7, domain: [-5, 5] }),
} satisfies Partial<Record<OpName, OpCase>>;
