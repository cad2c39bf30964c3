/** Sequences of different lengths, one after the other as rows of a matrix: no work is done on padding. */
import { flag, integer } from "../config/options.ts";
import type { Engine } from "../engine/engine.ts";
import { formatShape, ShapeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Parameters } from "../nn/parameters.ts";
import { embedding, embeddingBag, gatherRows, reshape } from "../ops/index.ts";
import type { EncoderInput, InputSpec } from "./encoder.ts";

/** Options of every encoder that reads sequences. */
export const SEQUENCE_OPTIONS = {
  maxLength: integer(256, "tokens of a list that are read, from its start", { min: 1 }),
  trim: flag(true, "of frames [T, F]: zeros at the end are padding, and are not read"),
};

/** Where each sequence of a batch lies in its input: element t of sequence i is number starts[i] + t. */
export interface Spans {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

/** Makes vectors of the elements of sequences. */
export interface SequenceReader {
  /** Length of a vector. */
  readonly width: number;
  /** Elements of the longest sequence that is read. */
  readonly longest: number;
  spans(input: EncoderInput): Spans;
  /** The vectors at these places of the input: [places, width]. */
  read(input: EncoderInput, places: Int32Array): Tensor;
}

/**
 * Learned vectors of `width` for tokens; the frames themselves for numbers.
 *
 * @throws {ShapeError} if samples are numbers, but not [T, F]
 */
export function sequenceReader(
  where: string,
  input: InputSpec,
  parameters: Parameters,
  { width, maxLength, trim }: { width: number; maxLength: number; trim: boolean },
): SequenceReader {
  if (input.kind === "bag") {
    const table = parameters.weight("words", [input.vocabulary, width], { deviation: 1 });
    return {
      width,
      longest: maxLength,
      spans: (batch) => tokenSpans(batch as Extract<EncoderInput, { kind: "bag" }>, maxLength),
      read(batch, places) {
        const ids = (batch as Extract<EncoderInput, { kind: "bag" }>).ids.view();
        return embedding(
          table,
          indices(
            table.engine,
            places.map((place) => ids[place] as number),
          ),
        );
      },
    };
  }
  const [frames = 0, features = 0] = input.shape;
  if (input.shape.length !== 2 || frames === 0 || features === 0) {
    throw new ShapeError(
      `${where}: Cannot encode this input: expected token lists or frames [T, F], got ${formatShape(input.shape)}`,
    );
  }
  const valuesOf = (batch: EncoderInput) =>
    (batch as Extract<EncoderInput, { kind: "dense" }>).values;
  return {
    width: features,
    longest: frames,
    spans: (batch) => frameSpans(valuesOf(batch), trim),
    read(batch, places) {
      const values = valuesOf(batch);
      return gatherRows(reshape(values, [-1, features]), indices(values.engine, places));
    },
  };
}

function tokenSpans(
  { ids, offsets }: Extract<EncoderInput, { kind: "bag" }>,
  maxLength: number,
): Spans {
  const starts = (offsets.view() as Int32Array).slice();
  const lengths = starts.map((start, i) =>
    Math.min((starts[i + 1] ?? ids.size) - start, maxLength),
  );
  return { starts, lengths };
}

function frameSpans(values: Tensor, trim: boolean): Spans {
  const [n = 0, frames = 0, features = 0] = values.shape;
  const starts = Int32Array.from({ length: n }, (_, i) => i * frames);
  const lengths = new Int32Array(n).fill(frames);
  if (trim) {
    const view = values.view();
    starts.forEach((start, i) => {
      let end = (start + frames) * features;
      while (end > start * features && view[end - 1] === 0) end--;
      lengths[i] = Math.ceil(end / features) - start;
    });
  }
  return { starts, lengths };
}

/** The places of all elements, sequence by sequence. */
export function placesOf({ starts, lengths }: Spans): Int32Array {
  const places = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let next = 0;
  starts.forEach((start, i) => {
    const end = start + (lengths[i] as number);
    for (let place = start; place < end; place++) places[next++] = place;
  });
  return places;
}

/** One row per list of row numbers: the mean of those rows of x, or zeros for an empty list. */
export function meanOfRows(x: Tensor, lists: readonly (readonly number[])[]): Tensor {
  const offsets = new Int32Array(lists.length);
  let next = 0;
  lists.forEach(({ length }, i) => {
    offsets[i] = next;
    next += length;
  });
  const { engine } = x;
  return embeddingBag(x, indices(engine, lists.flat()), indices(engine, offsets), "mean");
}

/** A tensor of row numbers. */
export function indices(engine: Engine, values: ArrayLike<number>): Tensor {
  return engine.tensor(values, [values.length], { dtype: "i32" });
}
