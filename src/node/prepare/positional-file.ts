/** Safetensors files larger than memory: read row by row. */
import type { Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DataFormatError } from "../../engine/errors.ts";
import {
  decodeHeader,
  headerEnd,
  LENGTH_BYTES,
  type SafetensorsHeader,
  type TensorEntry,
} from "../../io/safetensors-header.ts";

/** A safetensors file of which only the header is in memory. */
export interface PositionalFile extends AsyncDisposable {
  readonly header: SafetensorsHeader;
  /** {@link versionOf} the file when it was opened. */
  readonly version: string;
  /** Undefined if there is no tensor of this name. */
  entry(name: string): TensorEntry | undefined;
  /** The raw bytes of `count` rows (along the first axis) from row `first` on. */
  rows(entry: TensorEntry, first: number, count: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** @throws {DataFormatError} if it is no whole safetensors file */
export async function openPositional(path: string): Promise<PositionalFile> {
  const handle = await open(path, "r");
  try {
    const stats = await handle.stat();
    const { size } = stats;
    const start = await readAt(handle, path, 0, Math.min(size, LENGTH_BYTES));
    const head = await readAt(handle, path, 0, headerEnd(start, size, path));
    const header = decodeHeader(head, size, path);
    const byName = new Map(header.entries.map((entry) => [entry.name, entry]));
    const close = () => handle.close();
    return {
      header,
      version: versionOf(stats),
      entry: (name) => byName.get(name),
      rows({ begin, end, shape }, first, count) {
        const rowBytes = (end - begin) / Math.max(1, shape[0] ?? 1);
        return readAt(handle, path, header.start + begin + first * rowBytes, count * rowBytes);
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What changes when a file is written to, or another is put in its place. */
export function versionOf({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev} ${ino} ${size} ${mtimeMs}`;
}

async function readAt(
  handle: FileHandle,
  path: string,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) {
      throw new DataFormatError(
        `${path}: Cannot read the file: expected ${length} bytes at ${position}, got ${done}`,
      );
    }
    done += bytesRead;
  }
  return bytes;
}
