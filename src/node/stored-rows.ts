/** Rows of a tensor in a safetensors file as a source: data larger than memory. */
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { type ChannelNorm, normaliseChannels } from "../data/normalise.ts";
import type { RowSource } from "../data/rows.ts";
import { DataFormatError } from "../engine/errors.ts";
import { DTYPES } from "../io/dtypes.ts";
import { openPositional } from "./prepare/positional-file.ts";

/**
 * The rows of a tensor [samples, ...], each read when it is asked for; the file is open only while it is read.
 *
 * @param norm - of bytes: how they become values, channel by channel
 * @throws {DataFormatError} if the file is no whole safetensors file or has no such tensor; so do the source's reads if the
 *   file was cut short since, with the number of the row
 */
export async function storedRows(
  path: string,
  name: string,
  norm?: ChannelNorm,
): Promise<RowSource & { readonly shape: readonly number[] }> {
  await using file = await openPositional(path);
  const entry = file.entry(name);
  if (entry === undefined) {
    throw new DataFormatError(
      `${path}: Cannot read the rows: expected a tensor "${name}", got none`,
    );
  }
  const [size = 0, ...shape] = entry.shape;
  const length = shape.reduce((all, side) => all * side, 1);
  const bytes = (entry.end - entry.begin) / Math.max(1, size);
  const start = file.header.start + entry.begin;
  const { read: decode } = DTYPES[entry.dtype];
  const put = (
    raw: Uint8Array<ArrayBuffer>,
    got: number,
    row: number,
    into: Float32Array,
    i: number,
  ) => {
    if (got !== bytes) {
      throw new DataFormatError(
        `${path}: Cannot read row ${row} of "${name}": expected ${bytes} bytes, got ${got}`,
      );
    }
    const values = decode(raw.buffer);
    const scaled = norm && values instanceof Uint8Array ? normaliseChannels(values, norm) : values;
    into.set(scaled as Float32Array, i * length);
  };
  return {
    size,
    shape,
    read(rows, into) {
      const handle = openSync(path, "r");
      try {
        rows.forEach((row, i) => {
          const raw = new Uint8Array(bytes);
          put(raw, readSync(handle, raw, 0, bytes, start + row * bytes), row, into, i);
        });
      } finally {
        closeSync(handle);
      }
    },
    async readAhead(rows, into) {
      const handle = await open(path, "r");
      try {
        for (const [i, row] of rows.entries()) {
          const raw = new Uint8Array(bytes);
          const { bytesRead } = await handle.read(raw, 0, bytes, start + row * bytes);
          put(raw, bytesRead, row, into, i);
        }
      } finally {
        await handle.close();
      }
    },
  };
}
