import { randomUUID } from "node:crypto";
import { appendFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { StorageError } from "../engine/errors.ts";

/**
 * Writes a file beside its place and renames it: a reader finds the old file or the new one, never a part.
 *
 * @throws {StorageError} if the disk is full; the old file is kept
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await replaceWhole(path, (draft) => writeFile(draft, content));
}

/**
 * The same for what is written piece by piece.
 *
 * @param write - fills the file of the name that it is given
 * @throws {StorageError} if the disk is full; the old file is kept
 */
export async function replaceWhole<T>(
  path: string,
  write: (draft: string) => Promise<T>,
): Promise<T> {
  const draft = `${path}.${randomUUID()}${DRAFT_END}`;
  try {
    const result = await write(draft);
    await rename(draft, path);
    return result;
  } catch (error) {
    await rm(draft, { force: true });
    throw isFull(error) ? diskFull(path, error) : error;
  }
}

/**
 * Adds a line to a file. Where the disk has no room for all of it, nothing of it stays.
 *
 * @throws {StorageError} if the disk is full
 */
export async function appendLine(path: string, line: string): Promise<void> {
  const before = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  try {
    await appendFile(path, `${line}\n`);
  } catch (error) {
    if (!isFull(error)) throw error;
    await truncate(path, before);
    throw diskFull(path, error);
  }
}

/** How the names of files end that are not whole; a process that was killed leaves such. */
export const DRAFT_END = ".part";

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}

function diskFull(path: string, cause: unknown): StorageError {
  return new StorageError(
    `${path}: Cannot save the file: expected room on the disk, got none left; free some and run it again: what was saved before is kept`,
    { cause },
  );
}
