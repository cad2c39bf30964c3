import {
  type BagData,
  type Dataset,
  type DenseData,
  hasModality,
  type ModalityData,
  modalityNames,
  type StreamedData,
  sampleLength,
} from "./dataset.ts";
import { type RowSource, readValues } from "./rows.ts";

/**
 * The samples of two datasets of the same modalities and vocabularies, those of the first one first; it also names the
 * dataset and its classes. An id that both have is told apart by the second one's name.
 *
 * @param second - its classes are the first ones of the first dataset's
 */
export function joinDatasets<M extends string>(
  first: Dataset<M>,
  second: Omit<Dataset<NoInfer<M>>, "groups">,
): Dataset<M> {
  const taken = new Set(first.ids);
  const modalities = {} as Record<M, ModalityData>;
  for (const m of modalityNames(first)) {
    modalities[m] = joinModality(
      [first.modalities[m], second.modalities[m]],
      [first.size, second.size],
    );
  }
  const { groups: _, ...rest } = first;
  return {
    ...rest,
    size: first.size + second.size,
    modalities,
    labels: Int32Array.from([...first.labels, ...second.labels]),
    ids: [...first.ids, ...second.ids.map((id) => (taken.has(id) ? `${second.name}/${id}` : id))],
  };
}

function joinModality(parts: readonly ModalityData[], sizes: readonly number[]): ModalityData {
  const [data] = parts as [ModalityData];
  const masked = parts.some(({ present }) => present !== undefined);
  const present = masked && {
    present: Uint8Array.from(
      parts.flatMap((part, k) =>
        Array.from({ length: sizes[k] as number }, (_, i) => Number(hasModality(part, i))),
      ),
    ),
  };
  if (data.kind === "dense" && parts.some((part) => "rows" in part)) {
    const { kind, shape, norm } = data;
    const rows = joinRows(parts as readonly (DenseData | StreamedData)[], sizes);
    return { kind, shape, rows, ...(norm && { norm }), ...present };
  }
  if (data.kind === "dense") {
    const values = joinArrays(
      Float32Array,
      (parts as DenseData[]).map((part) => part.values),
    );
    return { ...data, values, ...present };
  }
  const [a, b] = parts as [BagData, BagData];
  const shifted = b.offsets.subarray(1).map((offset) => offset + a.ids.length);
  return {
    ...data,
    ids: joinArrays(Int32Array, [a.ids, b.ids]),
    offsets: joinArrays(Int32Array, [a.offsets, shifted]),
    ...present,
  };
}

/** Where one part or both are read when needed, so is the whole: what a part has of the rows in one go, as each opens a file. */
function joinRows(
  parts: readonly (DenseData | StreamedData)[],
  sizes: readonly number[],
): RowSource {
  const [first, second] = parts as [DenseData | StreamedData, DenseData | StreamedData];
  const [count, more] = sizes as [number, number];
  const length = sampleLength(first.shape);
  const readPart = (
    part: DenseData | StreamedData,
    start: number,
    end: number,
    rows: Int32Array,
    into: Float32Array,
  ) => {
    const places = [...rows.keys()].filter((i) => {
      const row = rows[i] as number;
      return row >= start && row < end;
    });
    const values = new Float32Array(places.length * length);
    const own = Int32Array.from(places, (i) => (rows[i] as number) - start);
    if (own.length > 0) readValues(part, own, values);
    places.forEach((i, at) => {
      into.set(values.subarray(at * length, (at + 1) * length), i * length);
    });
  };
  return {
    size: count + more,
    read(rows, into) {
      readPart(first, 0, count, rows, into);
      readPart(second, count, count + more, rows, into);
    },
  };
}

function joinArrays<A extends Float32Array | Int32Array>(
  type: new (length: number) => A,
  parts: readonly A[],
): A {
  const joined = new type(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}
