import { ELEMENTS } from "../graph.ts";
import {
  atLeastOne,
  countOf,
  linear,
  parameter,
  readSequence,
  type SequenceEncoder,
} from "./padded.ts";

/** The operator's order of the gates (z, r, candidate) by their places in ours (r, z, candidate). */
const GATES = [1, 0, 2] as const;

/** The encoder `gru`: the operator of that name, in the form that resets the state after its product. */
export function gruGraph(encoder: SequenceEncoder): string {
  const { graph, options } = encoder;
  const { rows, valid } = readSequence(encoder, "words");
  const hidden = options.hidden as number;
  const units = options.bidirectional === true ? ["forward", "backward"] : ["forward"];
  const count = countOf(graph, valid);
  const lengths = graph.node("Squeeze", [
    graph.node("Cast", [count], { to: ELEMENTS.int32 }),
    graph.ints([1]),
  ]);
  const inputs = [
    graph.transpose(rows, [1, 0, 2]),
    stacked(encoder, units, ["input.weight"]),
    stacked(encoder, units, ["state.weight"]),
    stacked(encoder, units, ["input.bias", "state.bias"]),
    lengths,
  ];
  const attributes = {
    hidden_size: hidden,
    linear_before_reset: 1,
    direction: units.length > 1 ? "bidirectional" : "forward",
  };
  const mean = options.state === "mean";
  // All states, [length, units, n, hidden] with zeros behind a sequence's end; or the last ones, [units, n, hidden].
  const states = graph.node("GRU", inputs, attributes, mean ? 0 : 1);
  const kept = mean ? graph.node("ReduceSum", [states, graph.ints([0])], { keepdims: 0 }) : states;
  const side = graph.node("Reshape", [
    graph.transpose(kept, [1, 0, 2]),
    graph.ints([-1, units.length * hidden]),
  ]);
  return linear(encoder, "out", mean ? graph.node("Div", [side, atLeastOne(graph, count)]) : side);
}

/** Parameters of all units as one constant, [units, gates, ..]. */
function stacked(encoder: SequenceEncoder, units: readonly string[], names: readonly string[]) {
  const parts = units.flatMap((unit) => names.map((name) => parameter(encoder, `${unit}.${name}`)));
  const blocks = parts.flatMap(({ tensor }) => {
    const values = tensor.toArray() as Float32Array;
    const size = values.length / GATES.length;
    return GATES.map((gate) => values.subarray(gate * size, (gate + 1) * size));
  });
  const all = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const block of blocks) {
    all.set(block, next);
    next += block.length;
  }
  const [first] = parts as [(typeof parts)[0]];
  const [gates = 0, ...rest] = first.tensor.shape;
  const shape = [units.length, gates * names.length, ...rest];
  return encoder.graph.floats(all, shape, `${first.name}.stacked`);
}
