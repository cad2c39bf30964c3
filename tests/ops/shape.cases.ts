import type { OpName } from "../../src/engine/wasm/exports.ts";
import * as ops from "../../src/ops/index.ts";
import { at, broadcastShape, build, type NdArray, nd } from "../support/nd-array.ts";
import type { OpCase } from "../support/op-case.ts";

/** Axis that a case works along: the middle one of three, else the last. */
function middle(x: { shape: readonly number[] }): number {
  return x.shape.length === 3 ? 1 : x.shape.length - 1;
}

function positions(x: { shape: readonly number[] }): [number, number] {
  const length = x.shape[middle(x)] as number;
  return [Math.floor(length / 3), length - Math.floor(length / 4)];
}

function sliceNd(x: NdArray): NdArray {
  const axis = middle(x);
  const [start, end] = positions(x);
  const shape = x.shape.map((length, i) => (i === axis ? end - start : length));
  return build(shape, (index) => element(x, index, axis, start));
}

/** Element of x at `index` moved by `by` along an axis. */
function element(x: NdArray, index: readonly number[], axis: number, by: number): number {
  const flat = index.reduce(
    (sum, position, i) => sum * (x.shape[i] as number) + position + (i === axis ? by : 0),
    0,
  );
  return x.data[flat] as number;
}

function concatNd(parts: readonly NdArray[], axis: number): NdArray {
  const [first] = parts as [NdArray];
  const length = parts.reduce((sum, part) => sum + (part.shape[axis] as number), 0);
  const shape = first.shape.map((n, i) => (i === axis ? length : n));
  return build(shape, (index) => {
    let position = index[axis] as number;
    let part = 0;
    for (; position >= ((parts[part] as NdArray).shape[axis] as number); part++) {
      position -= (parts[part] as NdArray).shape[axis] as number;
    }
    return element(parts[part] as NdArray, index, axis, position - (index[axis] as number));
  });
}

/** [2, 0, 1] for three axes: no order that undoes itself. */
function orderOf(x: { shape: readonly number[] }): number[] {
  return x.shape.map((_, k) => (k + x.shape.length - 1) % x.shape.length);
}

const SHAPES: OpCase["shapes"] = (n) => [[[n]], [[2, n, 3]], [[2, 3, n]]];

export const SHAPE_CASES = {
  broadcastTo: {
    shapes: (n) => [[[n]], [[n, 1]], [[]], [[2, 1, n]]],
    run: ([x], _, n) => ops.broadcastTo(x, wide(x.shape, n)),
    reference: ([x], n) => build(wide(x.shape, n), (index) => at(x, index)),
    tolerance: 0,
  },
  concat: {
    shapes: (n) => [
      [[n], [3], [n]],
      [
        [2, n, 3],
        [2, 5, 3],
        [2, 1, 3],
      ],
      [
        [2, 1, n],
        [2, 0, n],
        [2, 4, n],
      ],
    ],
    run: ([a, b, c]) => ops.concat([a, b, c], middle(a)),
    reference: ([a, b, c]) => concatNd([a, b, c], middle(a)),
    tolerance: 0,
  },
  permute: {
    shapes: (n) => [...SHAPES(n), [[2, 1, n, 3]]],
    run: ([x]) => ops.permute(x, orderOf(x)),
    reference: ([x]) => {
      const order = orderOf(x);
      return build(
        order.map((axis) => x.shape[axis] as number),
        (index) =>
          at(
            x,
            x.shape.map((_, axis) => index[order.indexOf(axis)] as number),
          ),
      );
    },
    tolerance: 0,
  },
  reshape: {
    shapes: SHAPES,
    run: ([x]) => ops.reshape(x, [1, x.size]),
    reference: ([x]) => nd([1, x.data.length], x.data),
    tolerance: 0,
  },
  slice: {
    shapes: SHAPES,
    run: ([x]) => ops.slice(x, middle(x), ...positions(x)),
    reference: ([x]) => sliceNd(x),
    tolerance: 0,
  },
  stopGradient: {
    shapes: SHAPES,
    run: ([x]) => ops.stopGradient(x),
    reference: ([x]) => x,
    tolerance: 0,
    gradientTolerance: null,
  },
  where: {
    shapes: (n) => [
      [[n], [n], [n]],
      [[3, n], [n], [3, 1]],
      [[n], [2, n], []],
    ],
    run: ([mask, a, b]) => ops.where(ops.greater(mask, 0), a, b),
    reference: ([mask, a, b]) => {
      const shape = broadcastShape(mask.shape, broadcastShape(a.shape, b.shape));
      return build(shape, (index) => (at(mask, index) > 0 ? at(a, index) : at(b, index)));
    },
    tolerance: 0,
    kink: 1e-3,
  },
} satisfies Partial<Record<OpName, OpCase>>;

/** A shape that x can be repeated to. */
function wide(shape: readonly number[], n: number): number[] {
  if (shape.length === 0) return [n];
  return [3, ...shape.map((length) => (length === 1 ? 2 : length))];
}
