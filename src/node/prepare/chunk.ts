/** Some samples read at a time: a file of its own, whole or not there, so that an interrupted run goes on. */
import { readFile } from "node:fs/promises";
import { DataError, DataFormatError } from "../../engine/errors.ts";
import { createFeatures, type Features } from "../../features/index.ts";
import { toHalf } from "../../io/half.ts";
import { decodeSafetensors, encodeSafetensors, type TensorInput } from "../../io/safetensors.ts";
import type { FfmpegOptions } from "../decode/ffmpeg.ts";
import { hashFile, sha256 } from "../hash.ts";
import { writeWhole } from "../write-whole.ts";
import type { DenseForm, FormChoice, FormTools } from "./form.ts";
import { findForm } from "./forms/index.ts";
import type { Cell, Item, Problem } from "./item.ts";
import { readText } from "./read-text.ts";

/** Samples to read, and where the result goes. Plain data, so that it can be sent to a worker. */
export interface ChunkJob {
  readonly path: string;
  readonly items: readonly Pick<Item, "id" | "cells">[];
  readonly forms: Readonly<Record<string, FormChoice>>;
  readonly ffmpeg: FfmpegOptions;
}

export interface FileRecord {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a chunk holds beside its values. */
export interface ChunkSummary {
  /** Per modality one byte per sample, 1 = it could be read. */
  readonly present: Readonly<Record<string, Uint8Array>>;
  readonly problems: readonly Problem[];
  readonly files: readonly FileRecord[];
  /** Per modality of texts, a text per sample. */
  readonly texts: Readonly<Record<string, readonly (string | null)[]>>;
}

let features: Promise<Features> | undefined;

/** Reads all cells of a chunk and writes its file. Broken cells become problems; a missing program ends it. */
export async function readChunk(job: ChunkJob): Promise<ChunkSummary> {
  features ??= createFeatures();
  const files = new Map<string, FileRecord>();
  const tools: FormTools = {
    features: await features,
    ffmpeg: job.ffmpeg,
    async read(path) {
      const bytes = await readFile(path);
      files.set(path, { path, bytes: bytes.length, sha256: sha256(bytes) });
      return bytes;
    },
    async note(path) {
      files.set(path, { path, ...(await hashFile(path)) });
    },
  };
  const problems: Problem[] = [];
  const present: Record<string, Uint8Array> = {};
  const texts: Record<string, (string | null)[]> = {};
  const tensors: Record<string, TensorInput> = {};
  for (const [modality, choice] of Object.entries(job.forms)) {
    const form = findForm(choice);
    const mask = new Uint8Array(job.items.length);
    const attempt = async (index: number, read: (cell: Cell) => Promise<void>) => {
      const cell = job.items[index]?.cells[modality];
      if (cell === undefined || cell === null) return;
      try {
        await read(cell);
        mask[index] = 1;
      } catch (error) {
        problems.push(toProblem(error, cell, `${job.items[index]?.id}, ${modality}`));
      }
    };
    if (form.kind === "text") {
      const list: (string | null)[] = job.items.map(() => null);
      for (let i = 0; i < list.length; i++) {
        await attempt(i, async (cell) => {
          list[i] = await readText(cell, tools);
        });
      }
      texts[modality] = list;
    } else {
      tensors[modality] = await readDense(form, choice.settings, job.items.length, (i, put) =>
        attempt(i, async (cell) => put(await form.read(cell, choice.settings, tools))),
      );
    }
    present[modality] = mask;
    tensors[`${modality}.present`] = { shape: [mask.length], data: mask };
  }
  const summary = { present, problems, files: [...files.values()], texts };
  const { present: _, ...rest } = summary;
  await writeWhole(job.path, encodeSafetensors(tensors, { summary: JSON.stringify(rest) }));
  return summary;
}

async function readDense(
  form: DenseForm,
  settings: unknown,
  count: number,
  each: (index: number, put: (values: Uint8Array | Float32Array) => void) => Promise<void>,
): Promise<TensorInput> {
  const shape = form.shape(settings);
  const length = shape.reduce((product, side) => product * side, 1);
  const values =
    form.dtype === "U8"
      ? new Uint8Array(count * length)
      : form.dtype === "F16"
        ? new Uint16Array(count * length)
        : new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    await each(i, (sample) => {
      if (sample.length !== length) {
        throw new DataFormatError(
          `${form.name}: Cannot use the values: expected ${length}, got ${sample.length}`,
        );
      }
      values.set(form.dtype === "F16" ? Uint16Array.from(sample, toHalf) : sample, i * length);
    });
  }
  return { shape: [count, ...shape], data: values };
}

/** What the file of a finished chunk says; undefined if it is not there. */
export async function readSummary(path: string): Promise<ChunkSummary | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    return undefined;
  }
  const { tensors, metadata } = decodeSafetensors(bytes, path);
  const present = Object.fromEntries(
    [...tensors]
      .filter(([name]) => name.endsWith(".present"))
      .map(([name, { data }]) => [name.replace(/\.present$/, ""), data as Uint8Array]),
  );
  return { ...JSON.parse(metadata.get("summary") as string), present };
}

/** Broken files are expected; anything else is not, and ends the run. */
function toProblem(error: unknown, cell: Cell, sample: string): Problem {
  const where = "file" in cell ? cell.file : sample;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return { where, message: "no such file" };
  if (code === "EACCES" || code === "EISDIR") return { where, message: `not readable: ${code}` };
  // The place is told apart.
  const message = (error as Error).message.replace(`${where}: `, "");
  if (error instanceof DataFormatError) return { where, message };
  if (error instanceof DataError && !error.message.startsWith("ffmpeg:")) {
    return { where, message };
  }
  throw error;
}
