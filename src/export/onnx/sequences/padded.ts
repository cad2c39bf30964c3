/** Sequences in a graph: padded to the longest of the batch, [n, length], with a mask; the library itself packs them. */

import type { InputSpec } from "../../../encoders/encoder.ts";
import { OptionError } from "../../../engine/errors.ts";
import type { Tensor } from "../../../engine/tensor.ts";
import { ELEMENTS, type GraphBuilder } from "../graph.ts";

/** What an encoder of sequences is made of, for its graph. */
export interface SequenceEncoder {
  readonly graph: GraphBuilder;
  readonly input: InputSpec;
  readonly options: Readonly<Record<string, unknown>>;
  /** The input's value: int64 [n, tokens] padded with -1 at the end, or float [n, ...shape]. */
  readonly x: string;
  /** Parameters by their names below the encoder, with their names in the file. */
  readonly parameters: ReadonlyMap<string, { readonly name: string; readonly tensor: Tensor }>;
}

export interface Padded {
  /** float [n, length, width] */
  readonly rows: string;
  /** float [n, length]: 1 where there is an element, 0 behind the last. */
  readonly valid: string;
}

/** A parameter's tensor and its name in the file. */
export function parameter({ parameters }: SequenceEncoder, name: string) {
  const found = parameters.get(name);
  if (found !== undefined) return found;
  throw new OptionError(
    `onnx: Cannot export an encoder: expected a parameter "${name}", as those of the library have, got ${[...parameters.keys()].join(", ")}`,
  );
}

/** A parameter as a value of the graph. */
export function weight(encoder: SequenceEncoder, name: string): string {
  const { name: full, tensor } = parameter(encoder, name);
  return encoder.graph.floats(tensor.toArray() as Float32Array, tensor.shape, full);
}

/** x W' + b over the last axis. */
export function linear(encoder: SequenceEncoder, scope: string, x: string): string {
  const { graph } = encoder;
  const matrix = graph.transpose(weight(encoder, `${scope}.weight`), [1, 0]);
  return graph.node("Add", [graph.node("MatMul", [x, matrix]), weight(encoder, `${scope}.bias`)]);
}

/** Values of a new axis before the given one. */
export function unsqueeze(graph: GraphBuilder, value: string, ...axes: number[]): string {
  return graph.node("Unsqueeze", [value, graph.ints(axes)]);
}

/** Elements from `start` to `end` of an axis; ends past the last are the last. */
export function cut(
  graph: GraphBuilder,
  value: string,
  axis: number,
  start: number,
  end: number | string,
): string {
  const last = typeof end === "number" ? graph.ints([end]) : end;
  return graph.node("Slice", [value, graph.ints([start]), last, graph.ints([axis])]);
}

/** float [n, 1]: how many elements there are. */
export function countOf(graph: GraphBuilder, valid: string): string {
  return graph.node("ReduceSum", [valid, graph.ints([1])], { keepdims: 1 });
}

/** float [n, width]: the mean of the elements, zeros where there is none. */
export function meanOf(graph: GraphBuilder, { rows, valid }: Padded): string {
  const kept = graph.node("Mul", [rows, unsqueeze(graph, valid, 2)]);
  const sum = graph.node("ReduceSum", [kept, graph.ints([1])], { keepdims: 0 });
  return graph.node("Div", [sum, atLeastOne(graph, countOf(graph, valid))]);
}

export function atLeastOne(graph: GraphBuilder, count: string): string {
  return graph.node("Max", [count, graph.number(1)]);
}

/**
 * Word vectors of the first `maxLength` tokens, or frames, of which zeros at the end are padding if `trim` says so.
 *
 * @param table - name of the word vectors
 * @param least - positions that there are at any rate
 */
export function readSequence(encoder: SequenceEncoder, table: string, least = 1): Padded {
  const { graph, input, options, x } = encoder;
  if (input.kind === "bag") {
    const most = options.maxLength as number;
    const pads = graph.ints([0, 0, 0, least]);
    const filled = graph.node("Pad", [cut(graph, x, 1, 0, most), pads, graph.ints([-1], [])]);
    const ids = cut(graph, filled, 1, 0, Math.max(most, least));
    const there = graph.node("GreaterOrEqual", [ids, graph.ints([0])]);
    const known = graph.node("Max", [ids, graph.ints([0])]);
    return {
      rows: graph.node("Gather", [weight(encoder, table), known], { axis: 0 }),
      valid: graph.node("Cast", [there], { to: ELEMENTS.float }),
    };
  }
  const [frames = 0] = input.shape;
  if (options.trim !== true) return { rows: x, valid: allOf(graph, x, frames) };
  const steps = graph.floats(
    Float32Array.from({ length: frames }, (_, t) => t + 1),
    [1, frames],
  );
  const greatest = graph.node("ReduceMax", [graph.node("Abs", [x]), graph.ints([2])], {
    keepdims: 0,
  });
  const said = graph.node("Greater", [greatest, graph.number(0)]);
  const at = graph.node("Mul", [graph.node("Cast", [said], { to: ELEMENTS.float }), steps]);
  const end = graph.node("ReduceMax", [at, graph.ints([1])], { keepdims: 1 });
  const before = graph.node("LessOrEqual", [steps, end]);
  return { rows: x, valid: graph.node("Cast", [before], { to: ELEMENTS.float }) };
}

/** float [n, length] of ones, for the samples of a value. */
export function allOf(graph: GraphBuilder, of: string, length: number): string {
  const batch = graph.node("Shape", [of], { start: 0, end: 1 });
  const shape = graph.node("Concat", [batch, graph.ints([length])], { axis: 0 });
  return graph.node("Expand", [graph.number(1), shape]);
}
