/** What decoders take: a file that a user chose, or its bytes. */
import { OptionError } from "../engine/errors.ts";
import { refuseFile } from "./broken-file.ts";

/** A file of a page (`File`, `Blob`), or its bytes. */
export type FileSource = Blob | ArrayBuffer | Uint8Array;

/** Most bytes of a file: half a gigabyte. */
const MAX_FILE_BYTES = 2 ** 29;

/**
 * The bytes of a source; those that are given as such are not copied.
 *
 * @param where - the file, for messages
 * @throws {OptionError} if it is no such source
 * @throws {DataFormatError} if it has more than 512 MiB, before they are read
 */
export async function readSource(source: FileSource, where: string): Promise<Uint8Array> {
  const size = source instanceof Blob ? source.size : source?.byteLength;
  if (typeof size !== "number") {
    throw new OptionError(
      `${where}: Cannot decode the file: expected a Blob or bytes, got ${typeof source}`,
    );
  }
  if (size > MAX_FILE_BYTES) refuseFile(where, `at most ${MAX_FILE_BYTES} bytes`, `${size}`);
  if (source instanceof Uint8Array) return source;
  return new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
}
