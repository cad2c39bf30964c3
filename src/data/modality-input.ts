/** The forms in which a modality may be handed over, and what becomes of them. */
import { DataError, formatShape } from "../engine/errors.ts";
import { type DenseData, type ModalityData, sampleLength } from "./dataset.ts";
import { type ChannelNorm, normaliseChannels } from "./normalise.ts";
import { buildVocabulary, encodeBag, splitWords } from "./words.ts";

/** Numbers of one sample: flat or nested (`[[r, g, b], ...]`), all samples of one shape. */
export type NestedNumbers =
  | Float32Array
  /** Bytes of a picture, of a modality that knows how bytes are normalised. */
  | Uint8Array
  | Uint8ClampedArray
  | readonly number[]
  | readonly NestedNumbers[];

/**
 * One modality for all samples:
 * - numbers per sample, one, flat or nested; `null` or `undefined` where the sample lacks the modality;
 * - text per sample, turned into a bag of words; `null` or `undefined` likewise;
 * - `{ shape, values }` with the values of all samples one after the other;
 * - finished {@link ModalityData}.
 */
export type ModalityInput =
  | readonly (number | NestedNumbers | null | undefined)[]
  | readonly (string | null | undefined)[]
  | { readonly shape: readonly number[]; readonly values: Float32Array | readonly number[] }
  | ModalityData;

/**
 * One modality from any accepted form.
 *
 * @param name - for error messages
 * @param like - the same modality of an earlier dataset: its shape or vocabulary must hold
 * @throws {DataError} if samples differ in shape or kind, or differ from `like`
 */
export function toModalityData(
  name: string,
  input: ModalityInput,
  like?: ModalityData,
): ModalityData {
  const data = convert(name, input, like);
  if (like === undefined) return data;
  const [wanted, actual] = [describeForm(like), describeForm(data)];
  if (wanted !== actual) fail(name, wanted, actual);
  return data;
}

function describeForm(data: ModalityData): string {
  return data.kind === "dense"
    ? `numbers of shape ${formatShape(data.shape)}`
    : `tokens of a vocabulary of ${data.vocabulary}`;
}

function fail(name: string, expected: string, actual: string): never {
  throw new DataError(
    `dataset: Cannot read modality "${name}": expected ${expected}, got ${actual}`,
  );
}

/** Samples of the first modality that says how many it has; checks later compare all others with it. */
export function countSamples(inputs: readonly unknown[]): number {
  for (const input of inputs as (ModalityInput | undefined)[]) {
    // What is no list is refused, by name, when it is read.
    if (typeof input !== "object" || input === null) continue;
    if (!("shape" in input) && !("kind" in input)) return input.length;
    if ("rows" in input) return input.rows.size;
    if (!("shape" in input)) return input.offsets.length - 1;
    return Math.floor(input.values.length / sampleLength(input.shape));
  }
  return 0;
}

type Sample = NestedNumbers | string | null | undefined;

function convert(name: string, input: ModalityInput, like?: ModalityData): ModalityData {
  if (typeof input !== "object" || input === null) {
    fail(name, "one value per sample, in a list", `${input === null ? "null" : typeof input}`);
  }
  if ("kind" in input) return input;
  if ("shape" in input) {
    return { kind: "dense", shape: input.shape, values: Float32Array.from(input.values) };
  }
  const samples = Array.from<number | NestedNumbers | string | null | undefined, Sample>(
    input,
    (sample) => (typeof sample === "number" ? [sample] : sample),
  );
  const first = samples.find((sample) => sample !== null && sample !== undefined);
  if (first === undefined) {
    if (like === undefined) fail(name, "at least one sample that has it", "none");
    return createMissing(samples.length, like);
  }
  if (like?.kind === "dense" && like.norm !== undefined && isBytes(first)) {
    return convertBytes(name, samples, like, like.norm);
  }
  return typeof first === "string"
    ? convertTexts(name, samples, like)
    : convertNumbers(name, samples, first);
}

/** A modality that every sample lacks. */
function createMissing(size: number, like: ModalityData): ModalityData {
  const present = new Uint8Array(size);
  if (like.kind === "dense") {
    const values = new Float32Array(size * sampleLength(like.shape));
    const { kind, shape, norm } = like;
    return { kind, shape, values, present, ...(norm && { norm }) };
  }
  return { ...like, ids: new Int32Array(0), offsets: new Int32Array(size + 1), present };
}

function convertTexts(
  name: string,
  samples: readonly unknown[],
  like?: ModalityData,
): ModalityData {
  const documents = samples.map((sample, i) => {
    if (sample === null || sample === undefined) return null;
    if (typeof sample !== "string") fail(name, "texts only", `a ${typeof sample} at sample ${i}`);
    return splitWords(sample);
  });
  const known = like?.kind === "bag" ? like.words : undefined;
  const words = known ?? buildVocabulary(documents);
  if (words.length === 0) fail(name, "at least one word", "none in any text");
  return encodeBag(documents, words);
}

function convertNumbers(
  name: string,
  samples: readonly unknown[],
  first: NestedNumbers,
): ModalityData {
  const shape = shapeOf(first);
  const length = sampleLength(shape);
  const values = new Float32Array(samples.length * length);
  const present = new Uint8Array(samples.length);
  samples.forEach((sample, i) => {
    if (sample === null || sample === undefined) return;
    present[i] = 1;
    const end = fill(sample, shape, 0, values, i * length);
    if (end === undefined) {
      const actual = Array.isArray(sample) || sample instanceof Float32Array;
      const form = actual ? formatShape(shapeOf(sample as NestedNumbers)) : `a ${typeof sample}`;
      fail(name, `numbers of shape ${formatShape(shape)}`, `${form} at sample ${i}`);
    }
  });
  return { kind: "dense", shape, values, ...(present.includes(0) && { present }) };
}

function isBytes(sample: unknown): sample is Uint8Array | Uint8ClampedArray {
  return sample instanceof Uint8Array || sample instanceof Uint8ClampedArray;
}

/** Flat bytes, normalised as those of the earlier dataset were. */
function convertBytes(
  name: string,
  samples: readonly unknown[],
  { kind, shape }: Pick<DenseData, "kind" | "shape">,
  norm: ChannelNorm,
): ModalityData {
  const length = sampleLength(shape);
  const bytes = new Uint8Array(samples.length * length);
  const present = new Uint8Array(samples.length);
  samples.forEach((sample, i) => {
    if (sample === null || sample === undefined) return;
    if (!isBytes(sample) || sample.length !== length) {
      const got = isBytes(sample) ? `${sample.length} bytes` : "something else";
      fail(name, `${length} bytes`, `${got} at sample ${i}`);
    }
    present[i] = 1;
    bytes.set(sample, i * length);
  });
  const values = normaliseChannels(bytes, norm);
  return { kind, shape, values, norm, ...(present.includes(0) && { present }) };
}

/** Sides along the first elements; whether all others agree is seen while filling. */
function shapeOf(sample: NestedNumbers): number[] {
  const shape: number[] = [];
  let level: unknown = sample;
  while (Array.isArray(level) || level instanceof Float32Array) {
    shape.push(level.length);
    level = level[0];
  }
  return shape;
}

/** Copies a nested sample; returns the end position, or undefined if its shape is another. */
function fill(
  sample: unknown,
  shape: readonly number[],
  axis: number,
  values: Float32Array,
  start: number,
): number | undefined {
  if (axis === shape.length) {
    if (typeof sample !== "number") return undefined;
    values[start] = sample;
    return start + 1;
  }
  if (!(Array.isArray(sample) || sample instanceof Float32Array)) return undefined;
  if (sample.length !== shape[axis]) return undefined;
  let position: number | undefined = start;
  for (const part of sample) {
    position = fill(part, shape, axis + 1, values, position);
    if (position === undefined) return undefined;
  }
  return position;
}
