/** How each op of the core is written as ONNX operators. Arguments are those of the core's export of the same name. */
import { ELEMENTS, Float, type GraphBuilder } from "./graph.ts";
import type { OpCall, Translate, Translations } from "./lower.ts";

/** An operator of the same meaning and number of operands. */
const same =
  (op: string, operands: number): Translate =>
  (call) =>
    call.graph.node(
      op,
      Array.from({ length: operands }, (_, k) => call.x(k)),
    );

/** 1 where it holds, else 0. */
const comparison =
  (op: string): Translate =>
  (call) =>
    call.graph.node("Cast", [same(op, 2)(call)], { to: ELEMENTS.float });

/** Along one axis, or all (-1). */
const reduction =
  (op: string): Translate =>
  (call) => {
    const axis = call.n(1);
    const axes = axis < 0 ? [] : [call.graph.ints([axis])];
    return call.graph.node(op, [call.x(0), ...axes], { keepdims: call.n(2) });
  };

const LAST = -1;

/** NHWC or NLC to channels first, and back. */
function toChannelsFirst(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, k) => k + 1)];
}

function toChannelsLast(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, k) => k + 2), 1];
}

/** What a fused op applies to its result. */
function activate({ graph }: OpCall, value: string, code: number): string {
  return code === 0 ? value : graph.node("Relu", [value]);
}

/** Parts of a sum of e^x that cannot overflow, along the given axes or all, which stay as lengths of 1. */
function shifted({ graph }: OpCall, x: string, axes: readonly string[]) {
  const greatest = graph.node("ReduceMax", [x, ...axes], { keepdims: 1 });
  const below = graph.node("Sub", [x, greatest]);
  const exps = graph.node("Exp", [below]);
  const sum = graph.node("ReduceSum", [exps, ...axes], { keepdims: 1 });
  return { below, exps, sum, greatest };
}

function pool(op: string, attributes: (call: OpCall) => object): Translate {
  return (call) => {
    const x = call.graph.transpose(call.x(0), toChannelsFirst(4));
    const pooled = call.graph.node(op, [x], {
      kernel_shape: [call.n(1), call.n(2)],
      strides: [call.n(3), call.n(4)],
      pads: [call.n(5), call.n(7), call.n(6), call.n(8)],
      ...attributes(call),
    });
    return call.graph.transpose(pooled, toChannelsLast(4));
  };
}

export const OPS: Translations = {
  abs: same("Abs", 1),
  exp: same("Exp", 1),
  log: same("Log", 1),
  neg: same("Neg", 1),
  relu: same("Relu", 1),
  sigmoid: same("Sigmoid", 1),
  sqrt: same("Sqrt", 1),
  tanh: same("Tanh", 1),
  stopGradient: (call) => call.x(0),
  square: (call) => call.graph.node("Mul", [call.x(0), call.x(0)]),
  gelu: (call) => gelu(call.graph, call.x(0)),

  add: same("Add", 2),
  div: same("Div", 2),
  maximum: same("Max", 2),
  minimum: same("Min", 2),
  mul: same("Mul", 2),
  sub: same("Sub", 2),
  equal: comparison("Equal"),
  greater: comparison("Greater"),
  less: comparison("Less"),
  where(call) {
    const mask = call.graph.node("Cast", [call.x(0)], { to: ELEMENTS.bool });
    return call.graph.node("Where", [mask, call.x(1), call.x(2)]);
  },

  max: reduction("ReduceMax"),
  mean: reduction("ReduceMean"),
  sum: reduction("ReduceSum"),
  logSumExp(call) {
    const { graph } = call;
    const axis = call.n(1);
    const axes = axis < 0 ? [] : [graph.ints([axis])];
    const { greatest, sum } = shifted(call, call.x(0), axes);
    const kept = graph.node("Add", [graph.node("Log", [sum]), greatest]);
    return call.n(2) === 1 ? kept : graph.node("Squeeze", [kept, ...axes]);
  },
  softmax: (call) => call.graph.node("Softmax", [call.x(0)], { axis: LAST }),
  logSoftmax: (call) => call.graph.node("LogSoftmax", [call.x(0)], { axis: LAST }),
  entropy(call) {
    const { graph } = call;
    const axes = graph.ints([call.rank(0) - 1]);
    const { below, exps, sum } = shifted(call, call.x(0), [axes]);
    const weighted = graph.node("Mul", [graph.node("Div", [exps, sum]), below]);
    const mean = graph.node("ReduceSum", [weighted, axes], { keepdims: 1 });
    return graph.node("Squeeze", [graph.node("Sub", [graph.node("Log", [sum]), mean]), axes]);
  },

  matmul(call) {
    const [a, b] = [0, 1].map((k) => {
      const rank = call.rank(k);
      const axes = Array.from({ length: rank }, (_, axis) => axis);
      const swapped = [...axes.slice(0, -2), rank - 1, rank - 2];
      return call.graph.transpose(call.x(k), call.n(2 + k) === 1 ? swapped : axes);
    }) as [string, string];
    return call.graph.node("MatMul", [a, b]);
  },
  linear(call) {
    const { graph } = call;
    const product = graph.node("MatMul", [call.x(0), graph.transpose(call.x(1), [1, 0])]);
    const sum = call.has(2) ? graph.node("Add", [product, call.x(2)]) : product;
    return activate(call, sum, call.n(3));
  },
  conv2d(call) {
    const { graph } = call;
    const rank = call.rank(0);
    // A sequence is convolved as a picture of height 1: its numbers are those of the second axis.
    const axes = rank === 3 ? [1] : [0, 1];
    const both = (first: number) => axes.map((axis) => call.n(first + axis));
    const side = (first: number) => axes.map((axis) => call.n(first + 2 * axis));
    const spatial = Array.from({ length: rank - 2 }, (_, k) => k);
    const out = graph.node(
      "Conv",
      [
        graph.transpose(call.x(0), toChannelsFirst(rank)),
        graph.transpose(call.x(1), [rank - 1, rank - 2, ...spatial]),
        ...(call.has(2) ? [call.x(2)] : []),
      ],
      {
        strides: both(3),
        pads: [...side(5), ...side(6)],
        dilations: both(9),
        group: call.n(11),
      },
    );
    return graph.transpose(activate(call, out, call.n(12)), toChannelsLast(rank));
  },
  maxPool2d: pool("MaxPool", () => ({})),
  avgPool2d: pool("AveragePool", (call) => ({ count_include_pad: call.n(9) })),
  globalAvgPool(call) {
    const axes = Array.from({ length: call.rank(0) - 2 }, (_, k) => k + 1);
    return call.graph.node("ReduceMean", [call.x(0), call.graph.ints(axes)], { keepdims: 0 });
  },
  batchNorm(call) {
    const { graph } = call;
    const gamma = call.data(1);
    const variance = call.data(4);
    const scale = Float32Array.from(
      variance,
      (value, c) => (gamma[c] as number) / Math.sqrt(value + call.n(7)),
    );
    const centred = graph.node("Sub", [call.x(0), call.x(3)]);
    const scaled = graph.node("Mul", [centred, graph.floats(scale, [scale.length])]);
    return activate(call, graph.node("Add", [scaled, call.x(2)]), call.n(8));
  },
  layerNorm: (call) =>
    call.graph.node("LayerNormalization", [call.x(0), call.x(1), call.x(2)], {
      axis: LAST,
      epsilon: new Float(call.n(3)),
    }),

  reshape(call) {
    const { shape } = call;
    const free = shape.filter((length) => typeof length === "object").length;
    const lengths = shape.map((length) => (typeof length === "object" ? -1 : length));
    const target = free <= 1 ? call.graph.ints(lengths) : call.shapeValue(shape);
    return call.graph.node("Reshape", [call.x(0), target], { allowzero: 1 });
  },
  permute(call) {
    const packed = call.n(1);
    const perm = Array.from({ length: call.rank(0) }, (_, k) => (packed >> (4 * k)) & 15);
    return call.graph.transpose(call.x(0), perm);
  },
  broadcastTo: (call) => call.graph.node("Expand", [call.x(0), call.shapeValue(call.shape)]),
  slice(call) {
    const [axis, start, end] = [1, 2, 3].map((k) => call.graph.ints([call.n(k)])) as [
      string,
      string,
      string,
    ];
    return call.graph.node("Slice", [call.x(0), start, end, axis]);
  },
  concat: (call) => call.graph.node("Concat", call.list(0), { axis: call.n(1) }),
  gatherRows: (call) => call.graph.node("Gather", [call.x(0), call.x(1)], { axis: 0 }),
  embeddingBag(call) {
    const { graph } = call;
    if (!call.isInput(1)) return call.folded();
    // Padded with -1: [n, longest].
    const ids = call.x(1);
    const zero = graph.ints([0]);
    const mask = graph.node("Cast", [graph.node("GreaterOrEqual", [ids, zero])], {
      to: ELEMENTS.float,
    });
    const rows = graph.node("Gather", [call.x(0), graph.node("Max", [ids, zero])], { axis: 0 });
    const axis = graph.ints([1]);
    const each = graph.node("Unsqueeze", [mask, graph.ints([2])]);
    const sum = graph.node("ReduceSum", [graph.node("Mul", [rows, each]), axis], { keepdims: 0 });
    if (call.n(3) === 0) return sum;
    const count = graph.node("ReduceSum", [mask, axis], { keepdims: 1 });
    return graph.node("Div", [sum, graph.node("Max", [count, graph.number(1)])]);
  },
};

/** x (1 + erf(x / sqrt(2))) / 2 */
export function gelu(graph: GraphBuilder, x: string): string {
  const half = graph.node("Mul", [x, graph.number(0.5)]);
  const erf = graph.node("Erf", [graph.node("Mul", [x, graph.number(Math.SQRT1_2)])]);
  return graph.node("Mul", [half, graph.node("Add", [erf, graph.number(1)])]);
}
