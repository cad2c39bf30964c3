/** Prepared data on disk: one safetensors file and its manifest, whole or not there at all. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataManifest } from "../data/source.ts";
import { decodeSafetensors, type TensorFile } from "../io/safetensors.ts";
import { sha256 } from "./hash.ts";
import { writeWhole } from "./write-whole.ts";

/** Where prepared data and the ledger lie unless told otherwise, relative to the working directory. */
export const DEFAULT_CACHE_DIR = ".cache";

export interface CachedData {
  readonly manifest: DataManifest;
  readonly file: TensorFile;
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
 * Reads what was prepared, if it is all there, unchanged since, and prepared with these settings.
 *
 * @returns the data, or in words why they cannot be used
 */
export async function readCache(
  cacheDir: string,
  name: string,
  preprocessingHash: string,
): Promise<CachedData | string> {
  const paths = cachePaths(cacheDir, name);
  const manifest = await readManifest(cacheDir, name);
  if (typeof manifest === "string") return manifest;
  if (manifest.preprocessingHash !== preprocessingHash) return "prepared with other settings";
  let bytes: Uint8Array;
  try {
    bytes = await readFile(paths.data);
  } catch (error) {
    return whyUnreadable(error);
  }
  if (manifest.dataHash !== sha256(bytes)) return "truncated or changed since";
  return { manifest, file: decodeSafetensors(bytes, paths.data) };
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
