/** Prepares a data set from files: list, split, read on all cores, join, describe. */
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { sampleLength } from "../../data/dataset.ts";
import type { DataOptions } from "../../data/source.ts";
import { DataError, StorageError } from "../../engine/errors.ts";
import { DTYPES } from "../../io/dtypes.ts";
import { DEFAULT_CACHE_DIR } from "../data-cache.ts";
import { DRAFT_END } from "../write-whole.ts";
import { type ChunkJob, type ChunkSummary, readSummary } from "./chunk.ts";
import { finish } from "./finish.ts";
import type { AnyForm, FormChoice } from "./form.ts";
import { findForm } from "./forms/index.ts";
import type { Cell, Item, Problem } from "./item.ts";
import type { PreparedManifest } from "./manifest.ts";
import { type Plan, planSamples } from "./plan.ts";
import { type ChunkPool, createChunkPool } from "./pool.ts";
import { choose, type FileSet, preparedName } from "./set.ts";

export interface PrepareOptions extends DataOptions {
  /** The owner's download; default: where the set itself looks. */
  readonly from?: string;
  readonly variant?: string;
  readonly split?: string;
  /** Number of samples; default 0: all. */
  readonly limit?: number;
  /** Name under which it is kept and loaded; default: of the set and the choices. */
  readonly name?: string;
  /** Prepare again what is there. */
  readonly force?: boolean;
  /** Threads; 0: this one; default: as many as the machine has. */
  readonly workers?: number;
  /** Script of the threads, for code that runs unbuilt. */
  readonly workerScript?: URL;
  /** The program ffmpeg. */
  readonly ffmpeg?: string;
  /** Stops it; what is read so far is kept, and a later call goes on from there. */
  readonly signal?: AbortSignal;
}

/** Bytes of values that a chunk holds at most, and samples. */
const CHUNK_BYTES = 1 << 26;
const CHUNK_SAMPLES = 32;
/** Least number of chunks, where there are samples enough: so that no thread is without work for long at the end. */
const CHUNKS = 32;
/** Names of tensors that every prepared file has. */
const RESERVED = ["labels", "groups", "part"];

/**
 * Reads a set's files and writes `<cacheDir>/<name>/`: the data, their manifest, the list of files with hashes, and the
 * list of problems. Interrupted, it goes on where it was when it is called again.
 *
 * @throws {DataError} if the folder is not found or not laid out as expected, or a part would lack a class
 * @throws {StorageError} if the disk is full
 * @throws {OptionError} if the set has no such variant or split
 */
export async function prepareSet(
  set: FileSet,
  options: PrepareOptions = {},
): Promise<PreparedManifest> {
  const choices = choose(set, options);
  const name = options.name ?? preparedName(set, choices, options.from);
  const target = join(options.cacheDir ?? DEFAULT_CACHE_DIR, name);
  const signal = options.signal ?? new AbortController().signal;
  const tell = options.onProgress ?? (() => {});
  const folder = findFolder(set, options.from);
  const ffmpeg = options.ffmpeg === undefined ? {} : { program: options.ffmpeg };
  const problems: Problem[] = [];
  const report = (problem: Problem) => problems.push(problem);
  tell(`${name}: listing`);
  const listing = await set.read({ folder, ...choices, ffmpeg, signal, report });
  signal.throwIfAborted();
  const forms = listing.forms ?? set.forms(choices.variant);
  checkNames(set, forms);
  const plan = planSamples(set, choices, listing, report);
  const parts = join(target, "parts");
  const pool = createChunkPool(options.workers ?? availableParallelism(), options.workerScript);
  try {
    await mkdir(parts, { recursive: true });
    await removeDrafts(target);
    const jobs = await planChunks(plan, forms, parts, ffmpeg);
    const summaries = await readAll(name, jobs, plan.items.length, pool, signal, tell);
    tell(`${name}: joining ${jobs.length} chunks`);
    const manifest = await finish({
      set,
      choices,
      name,
      target,
      folder,
      listing,
      forms,
      plan,
      jobs,
      summaries,
      problems,
    });
    await rm(parts, { recursive: true });
    return manifest;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new StorageError(
      `${name}: Cannot write to ${target}: expected room on the disk, got none left; free some and run it again: it goes on from here`,
      { cause: error },
    );
  } finally {
    await pool.close();
  }
}

/** @throws {DataError} that says where to get the data if there is no folder */
function findFolder(set: FileSet, from: string | undefined): string {
  const folder = from ?? set.find?.();
  if (folder !== undefined) return folder;
  throw new DataError(
    `${set.name}: Cannot find the data: expected --from DIR, got none; get them here: ${set.source}`,
  );
}

function checkNames(set: FileSet, forms: Readonly<Record<string, FormChoice>>): void {
  for (const name of Object.keys(forms)) {
    if (/^[\p{L}][\p{L}\p{N}_-]*$/u.test(name) && !RESERVED.includes(name)) continue;
    throw new DataError(
      `${set.name}: Cannot name a modality "${name}": expected letters, digits, "_" and "-", and none of ${RESERVED.join(", ")}`,
    );
  }
}

/** Files that a process that was killed was writing: no one else will, and they take room. */
async function removeDrafts(target: string): Promise<void> {
  const found = await readdir(target, { recursive: true });
  const drafts = found.filter((path) => path.endsWith(DRAFT_END));
  await Promise.all(drafts.map((path) => rm(join(target, path), { force: true })));
}

/** A chunk's name holds what decides its content, so that a file of that name needs no other check. */
async function planChunks(
  { items }: Plan,
  forms: Readonly<Record<string, FormChoice>>,
  folder: string,
  ffmpeg: ChunkJob["ffmpeg"],
): Promise<ChunkJob[]> {
  const versions = Object.values(forms).map((choice) => findForm(choice).version);
  const base = JSON.stringify([forms, versions]);
  const bytes = Object.values(forms).reduce((sum, choice) => {
    const form: AnyForm = findForm(choice);
    if (form.kind === "text") return sum;
    return sum + sampleLength(form.shape(choice.settings)) * DTYPES[form.dtype].bytes;
  }, 1);
  const most = [CHUNK_SAMPLES, Math.floor(CHUNK_BYTES / bytes), Math.ceil(items.length / CHUNKS)];
  const count = Math.max(1, Math.min(...most));
  const jobs: ChunkJob[] = [];
  for (let start = 0; start < items.length; start += count) {
    const own = items.slice(start, start + count).map(({ id, cells }) => ({ id, cells }));
    const path = join(folder, `${jobs.length}-${await stampItems(base, own)}.safetensors`);
    jobs.push({ path, items: own, forms, ffmpeg });
  }
  return jobs;
}

async function stampItems(
  base: string,
  items: readonly Pick<Item, "id" | "cells">[],
): Promise<string> {
  const cells = items.flatMap(({ id, cells }) =>
    Object.entries(cells).map(([modality, cell]) => ({ id, modality, cell })),
  );
  // All at once: one after the other the threads would wait for them.
  const found = await Promise.all(cells.map(({ cell }) => (cell ? statFile(cell) : null)));
  const hash = createHash("sha256").update(base);
  cells.forEach(({ id, modality, cell }, i) => {
    hash.update(JSON.stringify([id, modality]));
    if (cell) stampCell(hash, cell, found[i] ?? null);
  });
  return hash.digest("hex").slice(0, 24);
}

function statFile(cell: Cell): Promise<Stats | null> | null {
  return "file" in cell ? stat(cell.file).catch(() => null) : null;
}

function stampCell(hash: ReturnType<typeof createHash>, cell: Cell, found: Stats | null): void {
  if ("numbers" in cell) hash.update(new Uint8Array(cell.numbers.buffer.slice(0)));
  else if ("pixels" in cell) hash.update(cell.pixels.data);
  else if ("text" in cell) hash.update(JSON.stringify(cell.text));
  else {
    // A file that was put right since must be read again.
    hash.update(JSON.stringify([cell, found?.size ?? null, found?.mtimeMs ?? null]));
  }
}

async function readAll(
  name: string,
  jobs: readonly ChunkJob[],
  total: number,
  pool: ChunkPool,
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<ChunkSummary[]> {
  const started = performance.now();
  let read = 0;
  let kept = 0;
  let told = Number.NEGATIVE_INFINITY;
  return Promise.all(
    jobs.map(async (job) => {
      const finished = await readSummary(job.path);
      if (finished !== undefined) {
        kept += job.items.length;
        return finished;
      }
      const summary = await pool.run(job, signal);
      read += job.items.length;
      const seconds = (performance.now() - started) / 1000;
      if (seconds - told < 1 && kept + read < total) return summary;
      told = seconds;
      const left = ((total - kept - read) / read) * seconds;
      const rate = read / seconds;
      tell(
        `${name}: ${kept + read} of ${total} samples, ${rate.toFixed(rate < 10 ? 1 : 0)}/s, ${Math.ceil(left)} s left`,
      );
      return summary;
    }),
  );
}
