import {
  TENSOR_DATA,
  TENSOR_DIMS,
  TENSOR_DTYPE,
  TENSOR_RANK,
  TENSOR_SIZE,
} from "../../engine/abi.ts";
import type { Engine } from "../../engine/engine.ts";
import { OptionError } from "../../engine/errors.ts";
import type { TensorData } from "../../engine/tensor.ts";
import type { OpName } from "../../engine/wasm/exports.ts";
import type { GraphBuilder } from "./graph.ts";
import type { Call } from "./record.ts";

/** How a call becomes nodes: the value of the result. */
export type Translate = (call: OpCall) => string;

/** How ops of the core become nodes, by name. */
export type Translations = Readonly<{ [K in OpName]?: Translate }>;

/** Calls that make a tensor of given values: no ops. */
const MAKERS: readonly string[] = ["createTensor", "newNumber"];

/** A length that is the same for every batch, or so many times the batch's. */
export type Length = number | { readonly perSample: number };

/** One op's call, as its translation sees it. */
export class OpCall {
  readonly graph: GraphBuilder;
  readonly #lowering: Lowering;
  readonly #calls: readonly [Call, Call];

  constructor(graph: GraphBuilder, lowering: Lowering, calls: readonly [Call, Call]) {
    this.graph = graph;
    this.#lowering = lowering;
    this.#calls = calls;
  }

  /** The value of a tensor argument. */
  x(k: number): string {
    return this.#lowering.value(this.#pair(k), this.#calls[0]);
  }

  /** Whether an optional tensor was passed. */
  has(k: number): boolean {
    return this.#calls[0].args[k] !== 0;
  }

  /** Whether a tensor argument is a value of the graph, and no constant. */
  isInput(k: number): boolean {
    return this.#lowering.isBound(this.#pair(k)[0]);
  }

  /** The values of a list of tensors. */
  list(k: number): string[] {
    const [a, b] = this.#pair(k).map((pointer) => this.#lowering.tensor(pointer).data) as [
      TensorData,
      TensorData,
    ];
    return Array.from(a, (pointer, i) =>
      this.#lowering.value([pointer, b[i] as number], this.#calls[0]),
    );
  }

  /** A number. */
  n(k: number): number {
    const [a, b] = this.#pair(k);
    if (a === b) return a;
    throw this.#lowering.refuse(
      this.#calls[0],
      `"${this.#calls[0].name}" with another argument per batch`,
    );
  }

  lengths(k: number): Length[] {
    return this.#lowering.lengths(this.#pair(k), this.#calls[0]);
  }

  /** Of the result. */
  get shape(): Length[] {
    return this.#lowering.lengths(this.#results, this.#calls[0]);
  }

  rank(k: number): number {
    return this.lengths(k).length;
  }

  /** Elements of a tensor that is the same for every batch. */
  data(k: number): TensorData {
    return this.#lowering.tensor(this.#pair(k)[0]).data;
  }

  /** A shape as a value of the graph. */
  shapeValue(lengths: readonly Length[]): string {
    return this.#lowering.shapeValue(lengths);
  }

  /** The result as a constant: for an op on constants that has no other translation. */
  folded(): string {
    return this.#lowering.value(this.#results, this.#calls[0]);
  }

  get #results(): [number, number] {
    return [this.#calls[0].result, this.#calls[1].result];
  }

  #pair(k: number): [number, number] {
    return [this.#calls[0].args[k] as number, this.#calls[1].args[k] as number];
  }
}

/**
 * Turns calls of the core into nodes of a graph. Two traces tell which lengths are the batch's, and that nothing beside the
 * inputs decides what is computed.
 */
export class Lowering {
  readonly #graph: GraphBuilder;
  readonly #engine: Engine;
  readonly #sizes: readonly [number, number];
  readonly #parameters: ReadonlyMap<number, string>;
  /** A value of the graph that has an entry per sample: its first length is the batch's. */
  readonly #batch: string;
  /** By the pointer in the first trace. */
  readonly #values = new Map<number, string>();
  /** Calls without translation whose results may yet be asked for. */
  readonly #foreign = new Map<number, string>();

  /** @param parameters - names of persistent tensors by pointer */
  constructor(
    graph: GraphBuilder,
    engine: Engine,
    sizes: readonly [number, number],
    parameters: ReadonlyMap<number, string>,
    batch: string,
  ) {
    this.#graph = graph;
    this.#engine = engine;
    this.#sizes = sizes;
    this.#parameters = parameters;
    this.#batch = batch;
  }

  /** Says what a tensor of the first trace is in the graph. */
  bind(pointer: number, value: string): void {
    this.#values.set(pointer, value);
  }

  isBound(pointer: number): boolean {
    return this.#values.has(pointer);
  }

  /** Translates two traces of the same computation, side by side. */
  run(
    translations: Readonly<Record<string, Translate | undefined>>,
    first: readonly Call[],
    second: readonly Call[],
  ): void {
    const known = new Map(Object.entries(translations));
    first.forEach((a, i) => {
      const b = second[i];
      if (b?.name !== a.name || second.length !== first.length) {
        throw this.refuse(a, "other ops for another batch");
      }
      // Memory of an ended scope is used again.
      this.#values.delete(a.result);
      this.#foreign.delete(a.result);
      const translate = known.get(a.name);
      if (translate !== undefined) {
        this.bind(a.result, translate(new OpCall(this.#graph, this, [a, b])));
      } else if (!MAKERS.includes(a.name)) {
        this.#foreign.set(a.result, a.name);
      }
    });
  }

  /** The value of a tensor: computed before, a parameter, or a constant. */
  value([a, b]: readonly [number, number], call: Call): string {
    const known = this.#values.get(a);
    if (known !== undefined) return known;
    const foreign = this.#foreign.get(a);
    if (foreign !== undefined) throw this.refuse(call, `"${foreign}"`);
    const value = this.#constant([a, b], call);
    this.#values.set(a, value);
    return value;
  }

  lengths(pair: readonly [number, number], call: Call): Length[] {
    const [a, b] = pair.map((pointer) => this.tensor(pointer).shape) as [number[], number[]];
    const [sizeA, sizeB] = this.#sizes;
    return a.map((length, axis): Length => {
      if (length === b[axis]) return length;
      const perSample = length / sizeA;
      if (Number.isInteger(perSample) && perSample === (b[axis] as number) / sizeB) {
        return { perSample };
      }
      throw this.refuse(call, "lengths that depend on the data");
    });
  }

  shapeValue(lengths: readonly Length[]): string {
    if (lengths.every((length) => typeof length === "number")) {
      return this.#graph.ints(lengths as number[]);
    }
    const batch = this.#graph.node("Shape", [this.#batch], { start: 0, end: 1 });
    const parts = lengths.map((length) => {
      if (typeof length === "number") return this.#graph.ints([length]);
      if (length.perSample === 1) return batch;
      return this.#graph.node("Mul", [batch, this.#graph.ints([length.perSample])]);
    });
    return this.#graph.node("Concat", parts, { axis: 0 });
  }

  /** A tensor of either trace. */
  tensor(pointer: number): { shape: number[]; data: TensorData } {
    const field = (offset: number) => this.#engine.i32[((pointer >>> 0) + offset) >>> 2] as number;
    const shape = Array.from({ length: field(TENSOR_RANK) }, (_, k) => field(TENSOR_DIMS + 4 * k));
    const data = this.#engine.viewAt(field(TENSOR_DATA), field(TENSOR_DTYPE), field(TENSOR_SIZE));
    return { shape, data };
  }

  refuse({ part, name }: Call, got: string): OptionError {
    return new OptionError(
      `onnx: Cannot export ${part || "this model"}: expected ops that depend on nothing but their inputs, got ${got} at "${name}"`,
    );
  }

  #constant(pair: readonly [number, number], call: Call): string {
    const [a, b] = pair.map((pointer) => this.tensor(pointer)) as [
      ReturnType<Lowering["tensor"]>,
      ReturnType<Lowering["tensor"]>,
    ];
    const lengths = this.lengths(pair, call);
    const [first] = lengths;
    const rows = typeof first === "object" ? (a.shape[0] as number) : 1;
    const width = a.data.length / rows;
    const row = a.data.slice(0, width);
    const same = (data: TensorData) => data.every((value, i) => Object.is(value, row[i % width]));
    if (!same(a.data) || !same(b.data) || lengths.slice(1).some((x) => typeof x === "object")) {
      throw this.refuse(call, "values that were computed outside of the ops");
    }
    const shape = typeof first === "object" ? [1, ...a.shape.slice(1)] : a.shape;
    const name = this.#parameters.get(pair[0]);
    const value =
      row instanceof Float32Array
        ? this.#graph.floats(row, shape, name)
        : this.#graph.node("Reshape", [this.#graph.ints(Array.from(row)), this.#graph.ints(shape)]);
    return typeof first === "object"
      ? this.#graph.node("Expand", [value, this.shapeValue(lengths)])
      : value;
  }
}
