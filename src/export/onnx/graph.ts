import { Message } from "./protobuf.ts";

/** Element types of ONNX tensors, by the numbers of the format. */
export const ELEMENTS = { float: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;
export type ElementName = keyof typeof ELEMENTS;

/** Version of the operators that a graph is written in. */
export const OPSET = 18;
/** Version of the file format that came with it. */
const IR_VERSION = 8;

/** A length, or the name of one that differs from call to call. */
export type Axis = number | string;

export type Attributes = Readonly<Record<string, number | string | readonly number[] | Float>>;

/** A number that is a float even if it is whole. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Which of the operator's outputs it is. */
  readonly place: number;
  readonly attributes: Attributes;
}

interface Port {
  readonly name: string;
  readonly element: ElementName;
  readonly shape: readonly Axis[];
}

/** An ONNX graph in the making. A node that is there already, with the same inputs and attributes, is not added again. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #byName = new Map<string, Node>();
  readonly #known = new Map<string, string>();
  readonly #constants = new Map<string, Message>();
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];

  input(name: string, element: ElementName, shape: readonly Axis[]): string {
    this.#inputs.push({ name, element, shape });
    return name;
  }

  /** Gives a value a name to be read by. */
  output(name: string, value: string, element: ElementName, shape: readonly Axis[]): void {
    this.#add({ op: "Identity", inputs: [value], output: name, place: 0, attributes: {} });
    this.#outputs.push({ name, element, shape });
  }

  /** An output of an operator: the first, or the one at `place`. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}, place = 0): string {
    const key = JSON.stringify([op, inputs, attributes, place]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const output = `${op}_${this.#nodes.length}`;
    this.#add({ op, inputs, output, place, attributes });
    this.#known.set(key, output);
    return output;
  }

  /** The axes in another order; back and forth is nothing. */
  transpose(value: string, perm: readonly number[]): string {
    const before = this.#byName.get(value);
    if (before?.op === "Transpose") {
      const first = before.attributes.perm as readonly number[];
      if (perm.every((axis, k) => first[axis] === k)) return before.inputs[0] as string;
    }
    return perm.every((axis, k) => axis === k) ? value : this.node("Transpose", [value], { perm });
  }

  /** @param name - default: none of its own, and equal constants are one */
  floats(values: Float32Array, shape: readonly number[], name?: string): string {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#constant("float", raw.slice(), shape, name ?? `[${shape}] ${values.join()}`, name);
  }

  number(value: number): string {
    return this.floats(Float32Array.of(value), []);
  }

  /** Whole numbers, by default as a vector. */
  ints(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant("int64", raw, shape, `ints [${shape}] ${values.join()}`);
  }

  /** @param metadata - texts that travel with the file */
  finish(producer: string, metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
    const { nodes, used } = this.#needed();
    const graph = new Message()
      .messages(1, nodes.map(encodeNode))
      .text(2, producer)
      .messages(
        5,
        [...this.#constants].filter(([name]) => used.has(name)).map(([, tensor]) => tensor),
      )
      .messages(11, this.#inputs.map(encodePort))
      .messages(12, this.#outputs.map(encodePort));
    const entries = Object.entries(metadata).map(([key, value]) =>
      new Message().text(1, key).text(2, value),
    );
    return new Message()
      .int(1, IR_VERSION)
      .text(2, producer)
      .message(7, graph)
      .message(8, new Message().text(1, "").int(2, OPSET))
      .messages(14, entries)
      .finish();
  }

  #add(node: Node): void {
    this.#nodes.push(node);
    this.#byName.set(node.output, node);
  }

  #constant(
    element: ElementName,
    raw: Uint8Array,
    shape: readonly number[],
    key: string,
    name?: string,
  ): string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const own = name ?? `constant_${this.#constants.size}`;
    const tensor = new Message()
      .ints(1, shape)
      .int(2, ELEMENTS[element])
      .text(8, own)
      .bytes(9, raw);
    this.#constants.set(own, tensor);
    this.#known.set(key, own);
    return own;
  }

  /** What the outputs depend on; the rest stays out of the file. */
  #needed() {
    const used = new Set(this.#outputs.map(({ name }) => name));
    const nodes = this.#nodes.toReversed().filter(({ inputs, output }) => {
      if (!used.has(output)) return false;
      for (const input of inputs) used.add(input);
      return true;
    });
    return { nodes: nodes.reverse(), used };
  }
}

function encodeNode({ op, inputs, output, place, attributes }: Node): Message {
  const entries = Object.entries(attributes).map(([name, value]) => {
    const attribute = new Message().text(1, name);
    if (value instanceof Float) return attribute.float(2, value.value).int(20, 1);
    if (typeof value === "number") return attribute.int(3, value).int(20, 2);
    if (typeof value === "string") return attribute.text(4, value).int(20, 3);
    return attribute.ints(8, value).int(20, 7);
  });
  return new Message()
    .texts(1, inputs)
    .texts(2, [...new Array<string>(place).fill(""), output])
    .text(3, output)
    .text(4, op)
    .messages(5, entries);
}

function encodePort({ name, element, shape }: Port): Message {
  const axes = shape.map((axis) =>
    typeof axis === "number" ? new Message().int(1, axis) : new Message().text(2, axis),
  );
  const tensor = new Message()
    .int(1, ELEMENTS[element])
    .message(2, new Message().messages(1, axes));
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
