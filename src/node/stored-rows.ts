/** Rows of a tensor in a safetensors file as a source: data larger than memory. */
import { closeSync, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import type { ChannelNorm } from "../data/normalise.ts";
import type { RowOpeners, RowSource } from "../data/rows.ts";
import { DataFormatError } from "../engine/errors.ts";
import { DTYPES } from "../io/dtypes.ts";
import type { TensorEntry } from "../io/safetensors-header.ts";
import { openPositional, type PositionalFile, versionOf } from "./prepare/positional-file.ts";
import { storedValues } from "./stored-values.ts";

/** A source that knows the shape of one row. */
export interface StoredRows extends RowSource {
  readonly shape: readonly number[];
}

const STORED = "stored";

/** What the origin of such rows holds: plain data. */
interface StoredOrigin {
  readonly path: string;
  readonly name: string;
  readonly norm: ChannelNorm | undefined;
  readonly version: string;
}

/** How worker threads of Node open rows that another thread opened first. */
export const ROW_OPENERS: RowOpeners = {
  async [STORED](from) {
    const { path, name, norm, version } = from as StoredOrigin;
    await using file = await openPositional(path);
    return rowsOf(path, { ...file, version }, entryOf(path, file, name), norm);
  },
};

/**
 * The rows of a tensor [samples, ...], each read when it is asked for; the file is open only while it is read.
 *
 * @param norm - mean and deviation per channel (channels vary fastest) by which values come to 0 and 1; of bytes in units
 *   of 255
 * @throws {DataFormatError} if the file is no whole safetensors file or has no such tensor; so do the source's reads if the
 *   file was cut short, with the number of the row, or replaced or written to since
 */
export async function storedRows(
  path: string,
  name: string,
  norm?: ChannelNorm,
): Promise<StoredRows> {
  await using file = await openPositional(path);
  return rowsOf(path, file, entryOf(path, file, name), norm);
}

function entryOf(path: string, file: PositionalFile, name: string): TensorEntry {
  const entry = file.entry(name);
  if (entry !== undefined) return entry;
  throw new DataFormatError(`${path}: Cannot read the rows: expected a tensor "${name}", got none`);
}

/**
 * As {@link storedRows}, of a file that is or was open.
 *
 * @throws {DataFormatError} as {@link storedRows}'s reads
 */
export function rowsOf(
  path: string,
  { header, version }: Pick<PositionalFile, "header" | "version">,
  entry: TensorEntry,
  norm?: ChannelNorm,
): StoredRows {
  const [size = 0, ...shape] = entry.shape;
  const length = shape.reduce((all, side) => all * side, 1);
  const bytes = (entry.end - entry.begin) / Math.max(1, size);
  const start = header.start + entry.begin;
  const { read: decode } = DTYPES[entry.dtype];
  const put = (raw: Uint8Array<ArrayBuffer>, into: Float32Array, place: number) =>
    into.set(storedValues(decode(raw.buffer), norm), place * length);
  const checkRow = (got: number, row: number) => {
    if (got === bytes) return;
    throw new DataFormatError(
      `${path}: Cannot read row ${row} of "${entry.name}": expected ${bytes} bytes, got ${got}`,
    );
  };
  // After the reading, so that nothing that changed meanwhile goes unseen.
  const checkFile = (stats: Stats) => {
    if (versionOf(stats) === version) return;
    throw new DataFormatError(
      `${path}: Cannot go on reading: expected the file as it was opened, got one written since`,
    );
  };
  const from: StoredOrigin = { path, name: entry.name, norm, version };
  return {
    size,
    shape,
    origin: { opener: STORED, from },
    read(rows, into) {
      const raw = new Uint8Array(bytes);
      const handle = openSync(path, "r");
      try {
        rows.forEach((row, i) => {
          checkRow(readSync(handle, raw, 0, bytes, start + row * bytes), row);
          put(raw, into, i);
        });
        checkFile(fstatSync(handle));
      } finally {
        closeSync(handle);
      }
    },
    async readAhead(rows, into) {
      const raw = new Uint8Array(bytes);
      const handle = await open(path, "r");
      try {
        for (const [i, row] of rows.entries()) {
          const { bytesRead } = await handle.read(raw, 0, bytes, start + row * bytes);
          checkRow(bytesRead, row);
          put(raw, into, i);
        }
        checkFile(await handle.stat());
      } finally {
        await handle.close();
      }
    },
  };
}
