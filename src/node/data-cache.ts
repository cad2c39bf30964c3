/** Prepared data on disk: one safetensors file and its manifest, whole or not there at all. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sampleLength } from "../data/dataset.ts";
import type { ChannelNorm } from "../data/normalise.ts";
import type { DataManifest } from "../data/source.ts";
import { DataFormatError } from "../engine/errors.ts";
import { DTYPES } from "../io/dtypes.ts";
import type { StoredTensor, TensorFile } from "../io/safetensors.ts";
import type { TensorEntry } from "../io/safetensors-header.ts";
import { hashFile } from "./hash.ts";
import { openPositional, type PositionalFile } from "./prepare/positional-file.ts";
import { rowsOf, type StoredRows } from "./stored-rows.ts";
import { writeWhole } from "./write-whole.ts";

/** Where prepared data and the ledger lie unless told otherwise, relative to the working directory. */
export const DEFAULT_CACHE_DIR = ".cache";

/** Bytes of values that are kept in memory unless told otherwise: 1 GiB. */
export const DEFAULT_MEMORY = 2 ** 30;

export interface CachedData {
  readonly manifest: DataManifest;
  /** What is in memory. */
  readonly file: TensorFile;
  /** By name, the tensors that are not: how their rows are read when they are needed. */
  readonly streamed: ReadonlyMap<string, (norm?: ChannelNorm) => StoredRows>;
}

/** Name of the file that says what a folder holds. */
export const MANIFEST = "manifest.json";

function cachePaths(cacheDir: string, name: string) {
  const folder = join(cacheDir, name);
  return {
    folder,
    data: join(folder, `${name}.safetensors`),
    manifest: join(folder, MANIFEST),
  };
}

/**
 * Writes data and manifest, each to a file beside its place which is then renamed. The manifest goes last
 * and names the hash of the data, so an interrupted writer leaves nothing that a reader would accept.
 */
export async function writeCache(
  cacheDir: string,
  manifest: DataManifest,
  bytes: Uint8Array,
): Promise<void> {
  const paths = cachePaths(cacheDir, manifest.name);
  await mkdir(paths.folder, { recursive: true });
  await writeWhole(paths.data, bytes);
  await writeManifest(paths.folder, manifest);
}

/** Writes the manifest of a folder; whatever it describes must be there already. */
export async function writeManifest(folder: string, manifest: DataManifest): Promise<void> {
  await writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads what was prepared, if it is all there, unchanged since, and prepared with these settings. The file goes through
 * its hash piece by piece; of it, only what is kept is ever in memory.
 *
 * @param memory - bytes of values, as float32, that are kept at most: the largest tensors with rows are left in the file
 *   until the others fit
 * @returns the data, or in words why they cannot be used
 */
export async function readCache(
  cacheDir: string,
  name: string,
  preprocessingHash: string,
  memory = DEFAULT_MEMORY,
): Promise<CachedData | string> {
  const paths = cachePaths(cacheDir, name);
  const manifest = await readManifest(cacheDir, name);
  if (typeof manifest === "string") return manifest;
  if (manifest.preprocessingHash !== preprocessingHash) return "prepared with other settings";
  let hash: string;
  try {
    await using file = await openPositional(paths.data);
    hash = (await hashFile(paths.data)).sha256;
    if (manifest.dataHash === hash)
      return { manifest, ...(await readTensors(paths.data, file, memory)) };
  } catch (error) {
    if (!(error instanceof DataFormatError)) return whyUnreadable(error);
  }
  return "truncated or changed since";
}

async function readTensors(path: string, file: PositionalFile, memory: number) {
  const { entries, metadata } = file.header;
  const left = leftInFile(entries, memory);
  const tensors = new Map<string, StoredTensor>();
  const streamed = new Map<string, (norm?: ChannelNorm) => StoredRows>();
  for (const entry of entries) {
    const { name, dtype, shape } = entry;
    if (left.has(entry)) streamed.set(name, (norm) => rowsOf(path, file, entry, norm));
    else {
      const { buffer } = await file.rows(entry, 0, shape[0] ?? 1);
      tensors.set(name, { dtype, shape, data: DTYPES[dtype].read(buffer) });
    }
  }
  return { file: { tensors, metadata }, streamed };
}

/** The largest tensors of several axes, as many as are needed for the others to fit. */
function leftInFile(entries: readonly TensorEntry[], memory: number): Set<TensorEntry> {
  const bytesOf = ({ shape }: TensorEntry) => 4 * sampleLength(shape);
  const dense = entries.filter(({ shape }) => shape.length > 1);
  const ordered = dense.sort((a, b) => bytesOf(b) - bytesOf(a));
  const left = new Set<TensorEntry>();
  let sum = dense.reduce((all, entry) => all + bytesOf(entry), 0);
  for (const entry of ordered) {
    if (sum <= memory) break;
    left.add(entry);
    sum -= bytesOf(entry);
  }
  return left;
}

/** The manifest of what was prepared under a name, or in words why there is none. */
export async function readManifest(cacheDir: string, name: string): Promise<DataManifest | string> {
  try {
    const manifest = JSON.parse(await readFile(cachePaths(cacheDir, name).manifest, "utf8"));
    return typeof manifest === "object" && manifest !== null ? manifest : "unreadable: no object";
  } catch (error) {
    return whyUnreadable(error);
  }
}

function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "not prepared yet" : `unreadable: ${message}`;
}
