/**
 * Names and layouts of other frameworks' parameters: which of theirs each of ours is made of, and how.
 *
 * In a name `*` stands for any part without a dot; the parts of ours are put into theirs in order.
 */
import type { TensorArray } from "../io/dtypes.ts";

/** A tensor of a file. */
export interface ForeignTensor {
  readonly shape: readonly number[];
  readonly data: TensorArray;
}

/** One of our parameters from theirs. `shape` is ours; a result of another shape is reported as mis-shaped. */
export type Conversion = (
  tensors: readonly ForeignTensor[],
  shape: readonly number[],
) => ForeignTensor;

export interface WeightRule {
  readonly ours: string;
  readonly theirs: readonly string[];
  /** Default: as it is. */
  readonly convert?: Conversion;
}

export interface WeightMap {
  readonly name: string;
  /** What it reads, in one line. */
  readonly title: string;
  readonly rules: readonly WeightRule[];
  /** Of a last layer that is read only if asked for. */
  readonly head: readonly WeightRule[];
  /** What a file may have beside, without being told: counters, heads of other tasks. */
  readonly ignored: RegExp;
  /** Older names to those of the rules. */
  readonly rename?: (key: string) => string;
}

/** Weight and bias of a layer. */
export function layerRules(ours: string, theirs: string, convert?: Conversion): WeightRule[] {
  return ["weight", "bias"].map((part) => ({
    ours: `${ours}.${part}`,
    theirs: [`${theirs}.${part}`],
    ...(convert && { convert }),
  }));
}

/** What fills the stars of a name, or undefined if it is another. */
export function matchName(pattern: string, name: string): readonly string[] | undefined {
  const source = pattern.replaceAll(".", "\\.").replaceAll("*", "([^.]+)");
  return new RegExp(`^${source}$`).exec(name)?.slice(1);
}

/** A name with its stars filled. */
export function fillName(pattern: string, parts: readonly string[]): string {
  let next = 0;
  return pattern.replaceAll("*", () => parts[next++] ?? "*");
}

/** Convolution filters from [out, in, height, width] to [height, width, in, out]. */
export const toHwio: Conversion = ([tensor]) => {
  const { shape, data } = tensor as ForeignTensor;
  const [outputs = 0, inputs = 0, height = 0, width = 0] = shape;
  const values = new Float32Array(data.length);
  let next = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          values[next++] = Number(data[((o * inputs + i) * height + y) * width + x]);
        }
      }
    }
  }
  return { shape: [height, width, inputs, outputs], data: values };
};

/** Without leading axes of length 1: [1, tokens, d] to [tokens, d]. */
export const toMatrix: Conversion = ([tensor]) => {
  const { shape, data } = tensor as ForeignTensor;
  const skip = shape.slice(0, -2).every((length) => length === 1) ? shape.length - 2 : 0;
  return { shape: shape.slice(Math.max(skip, 0)), data };
};

/** One of several equal parts along the first axis: q, k or v of one matrix. */
export function part(index: number, count: number): Conversion {
  return ([tensor]) => {
    const { shape, data } = tensor as ForeignTensor;
    const [rows = 0, ...rest] = shape;
    const size = data.length / count;
    return { shape: [rows / count, ...rest], data: data.slice(index * size, (index + 1) * size) };
  };
}
