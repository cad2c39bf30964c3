/** An owner's download as users have it: nested one deeper, other case, other extensions, files of systems beside. */
import { open, readdir, readFile } from "node:fs/promises";
import { basename, extname, join, relative, sep } from "node:path";
import { DataError } from "../../engine/errors.ts";
import type { Problem } from "../prepare/item.ts";

export type Report = (problem: Problem) => void;

/** Extensions by what is in the files; the first is the owner's own. */
export const SOUNDS: readonly string[] = [".wav", ".flac", ".mp3", ".ogg", ".m4a"];
export const FILMS: readonly string[] = [
  ".flv",
  ".mp4",
  ".avi",
  ".mkv",
  ".webm",
  ".mov",
  ".mpg",
  ".m4v",
];
export const PICTURES: readonly string[] = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];

/** All files of a folder, sorted; without those whose name, or a folder's on the way, begins with a dot. */
export async function listFiles(set: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/(^|[\\/])\./.test(relative(folder, path)))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataError(`${set}: Cannot open the folder: expected ${folder}, got ${code}`);
  }
}

/** A file's name without folders and extension; letters with accents in one piece, as other systems part them. */
export function stemOf(path: string): string {
  return basename(path, extname(path)).normalize("NFC");
}

/** Parts of a path below the folder, lower case, without the file's name. */
export function foldersOf(folder: string, path: string): string[] {
  return relative(folder, path).toLowerCase().split(sep).slice(0, -1);
}

/**
 * Files with one of some extensions, by lower-case stem. Of several with one stem the extension that is named first is used;
 * the others are reported.
 */
export function byStem(
  files: readonly string[],
  extensions: readonly string[],
  report: Report,
): Map<string, string> {
  const rank = (path: string) => extensions.indexOf(extname(path).toLowerCase());
  const found = new Map<string, string>();
  for (const path of files.filter((file) => rank(file) >= 0)) {
    const stem = stemOf(path).toLowerCase();
    const other = found.get(stem);
    if (other === undefined) {
      found.set(stem, path);
      continue;
    }
    const [used, left] = rank(path) < rank(other) ? [path, other] : [other, path];
    found.set(stem, used);
    report({ where: left, message: `a second file of this name; ${used} is used` });
  }
  return found;
}

export interface Line {
  readonly text: string;
  /** `file:line`. */
  readonly where: string;
}

/** The lines of a file with something on them: UTF-8, else Windows-1252; any line ends, with or without byte order mark. */
export async function readLines(path: string): Promise<Line[]> {
  return (await readTextFile(path))
    .split(/\r\n|\n|\r/)
    .map((text, i) => ({ text: text.trim(), where: `${path}:${i + 1}` }))
    .filter(({ text }) => text !== "");
}

/** UTF-8, else Windows-1252, without byte order mark. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

const POINTER = "version https://git-lfs";

/** @throws {DataError} if the file is what git leaves in place of a large one */
export async function refusePointer(set: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(POINTER.length));
    if (buffer.subarray(0, bytesRead).toString("latin1") !== POINTER) return;
  } finally {
    await handle.close();
  }
  throw new DataError(
    `${set}: Cannot read ${path}: expected the file itself, got a pointer of Git LFS; run git lfs pull in the download`,
  );
}

/** @throws {DataError} always: says what was expected, and what lies there instead */
export async function refuseFolder(set: string, folder: string, expected: string): Promise<never> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
  const actual = names.length === 0 ? "an empty folder" : `${names.slice(0, 8).join(", ")}${more}`;
  throw new DataError(
    `${set}: Cannot find the data: expected ${expected} in ${folder}, got ${actual}`,
  );
}
