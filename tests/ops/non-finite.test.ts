import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/engine/tensor.ts";
import * as ops from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const { NaN: N, POSITIVE_INFINITY: I } = Number;

/** What docs/ops.md says of NaN, of infinities and of axes without elements: op, inputs, values. */
const UNARY: readonly [string, (x: Tensor) => Tensor, readonly number[], readonly number[]][] = [
  ["abs", ops.abs, [N, I, -I], [N, I, I]],
  ["exp", ops.exp, [N, I, -I], [N, I, 0]],
  ["log", ops.log, [N, I, 0, -1], [N, I, -I, N]],
  ["neg", ops.neg, [N, I, -I], [N, -I, I]],
  ["sqrt", ops.sqrt, [N, I, -1], [N, I, N]],
  ["square", ops.square, [N, I, -I], [N, I, I]],
  ["relu", ops.relu, [N, I, -I], [N, I, 0]],
  ["gelu", ops.gelu, [N, I, -I], [N, I, N]],
  ["sigmoid", ops.sigmoid, [N, I, -I], [N, 1, 0]],
  ["tanh", ops.tanh, [N, I, -I], [N, 1, -1]],
  ["softmax: one NaN or +inf spoils its row", ops.softmax, [I, 0], [N, N]],
  ["softmax: -inf has no share", ops.softmax, [-I, 0, 0], [0, 0.5, 0.5]],
  ["softmax: nothing but -inf", ops.softmax, [-I, -I], [N, N]],
  ["logSumExp: nothing but -inf", ops.logSumExp, [-I, -I], [-I]],
  ["sum", ops.sum, [I, 1], [I]],
  ["sum of infinities that cancel", ops.sum, [I, -I], [N]],
  ["max", ops.max, [N, 1], [N]],
  ["argmax passes over NaN", ops.argmax, [N, 1, 2], [2]],
  ["argmax: nothing but -inf or NaN", ops.argmax, [N, -I], [0]],
  ["sum of nothing", ops.sum, [], [0]],
  ["mean of nothing", ops.mean, [], [N]],
  ["max of nothing", ops.max, [], [-I]],
];

const BINARY: readonly [
  string,
  (a: Tensor, b: Tensor) => Tensor,
  readonly number[],
  readonly number[],
  readonly number[],
][] = [
  ["add", ops.add, [N, I, I], [1, I, -I], [N, I, N]],
  ["sub", ops.sub, [N, I, I], [1, I, -I], [N, N, I]],
  ["mul", ops.mul, [N, I, I], [0, 0, -1], [N, N, -I]],
  ["div", ops.div, [1, -1, 0, I], [0, 0, 0, I], [I, -I, N, N]],
  ["maximum", ops.maximum, [N, 1, I], [1, N, 0], [N, N, I]],
  ["minimum", ops.minimum, [N, 1, -I], [1, N, 0], [N, N, -I]],
  ["equal: NaN equals nothing", ops.equal, [N, I], [N, I], [0, 1]],
  ["greater: NaN is not greater", ops.greater, [N, 1], [1, N], [0, 0]],
  ["less: NaN is not less", ops.less, [N, 1], [1, N], [0, 0]],
];

describe.each(Object.entries(ENGINES))("NaN, infinities and empty axes: %s", (_, engine) => {
  it.each(UNARY)("%s", (_name, run, x, want) => {
    const got = engine.scope(() => [...run(engine.tensor(x)).toArray()]);
    expect(got).toEqual(want);
  });

  it.each(BINARY)("%s", (_name, run, a, b, want) => {
    const got = engine.scope(() => [...run(engine.tensor(a), engine.tensor(b)).toArray()]);
    expect(got).toEqual(want);
  });

  it("where() takes its second value for a condition of 0 alone", () => {
    engine.scope(() => {
      const [one, two] = [engine.tensor([1, 1]), engine.tensor([2, 2])];
      expect([...ops.where(engine.tensor([N, 0]), one, two).toArray()]).toEqual([1, 2]);
    });
  });

  it("a product over no elements is 0, and zeros do not hide an infinity", () => {
    engine.scope(() => {
      const none = ops.matmul(engine.tensor([], [2, 0]), engine.tensor([], [0, 2]));
      expect([...none.toArray()]).toEqual([0, 0, 0, 0]);
      const spoilt = ops.matmul(engine.tensor([I, 1], [1, 2]), engine.tensor([0, 1, 1, 1], [2, 2]));
      expect([...spoilt.toArray()]).toEqual([N, I]);
    });
  });

  it("a window's maximum is NaN if one of its values is", () => {
    engine.scope(() => {
      const x = engine.tensor([1, N, 2, 3], [1, 2, 2, 1]);
      expect(ops.maxPool2d(x, 2).item()).toBeNaN();
    });
  });

  it("a loss of a label that has probability 0 is infinite; a NaN or +inf logit makes it NaN", () => {
    engine.scope(() => {
      const logits = engine.tensor([-I, 0, I, 0, N, 0], [3, 2]);
      const labels = engine.tensor([0, 0, 0], [3], { dtype: "i32" });
      const losses = ops.crossEntropy(logits, labels, { reduction: "none" });
      expect([...losses.toArray()]).toEqual([I, N, N]);
    });
  });
});
