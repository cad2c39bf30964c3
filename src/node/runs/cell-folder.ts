/** What one cell leaves on disk: config, checkpoint and metrics after each epoch, model and record at its end. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { findDifference } from "../../config/difference.ts";
import { DataFormatError, OptionError } from "../../engine/errors.ts";
import type { CellRecord } from "../../report/records.ts";
import type { EpochRecord } from "../../train/epoch-record.ts";
import { sha256 } from "../hash.ts";
import { readIfThere } from "../read-if-there.ts";
import { writeWhole } from "../write-whole.ts";

export const MODEL_FILE = "model.safetensors";
const CHECKPOINT_FILE = "checkpoint.safetensors";
const CONFIG_FILE = "config.json";
const RECORD_FILE = "cell.json";
const METRICS_FILE = "metrics.jsonl";

export interface FinishedCell {
  readonly record: CellRecord;
  readonly model: Uint8Array;
}

/** A cell's folder in use. */
export interface CellFolder {
  /** What was trained before, to its end or until it was stopped. */
  readonly earlier: FinishedCell | undefined;
  readonly checkpoint: Uint8Array | undefined;
  saveEpoch(epochs: readonly EpochRecord[], checkpoint: Uint8Array | undefined): Promise<void>;
  saveEnd(record: CellRecord, model: Uint8Array): Promise<void>;
}

/**
 * Takes a folder for one cell, or takes it up again.
 *
 * @param identity - all that decides the cell's bits
 * @throws {OptionError} if the folder is in use and `resume` is false
 * @throws {DataFormatError} if it holds a cell of another configuration (the difference is named) or is damaged
 */
export async function openCellFolder(
  folder: string,
  identity: Readonly<Record<string, unknown>>,
  resume: boolean,
): Promise<CellFolder> {
  await mkdir(folder, { recursive: true });
  const configPath = join(folder, CONFIG_FILE);
  const found = await readIfThere(configPath);
  if (found === undefined) {
    await writeWhole(configPath, `${JSON.stringify(identity, null, 2)}\n`);
  } else {
    if (!resume) {
      throw new OptionError(
        `run: Cannot train into "${folder}": expected an unused folder, got one in use; pass --resume to go on with it`,
      );
    }
    checkIdentity(configPath, identity, parseJson(found, configPath));
  }
  return {
    earlier: await readCell(folder),
    checkpoint: await readIfThere(join(folder, CHECKPOINT_FILE)),
    async saveEpoch(epochs, checkpoint) {
      if (checkpoint === undefined) return;
      await writeWhole(join(folder, CHECKPOINT_FILE), checkpoint);
      await writeWhole(join(folder, METRICS_FILE), toLines(epochs));
    },
    async saveEnd(record, model) {
      await writeWhole(join(folder, MODEL_FILE), model);
      await writeWhole(join(folder, RECORD_FILE), `${JSON.stringify(record)}\n`);
    },
  };
}

/**
 * Whether a folder may be taken up again by a cell; one that holds none may.
 *
 * @throws {DataFormatError} if it holds a cell of another configuration (the difference is named) or is damaged
 */
export async function checkCellFolder(
  folder: string,
  identity: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = join(folder, CONFIG_FILE);
  const found = await readIfThere(path);
  if (found !== undefined) checkIdentity(path, identity, parseJson(found, path));
}

/**
 * A cell that was trained before; undefined if the folder has none.
 *
 * @throws {DataFormatError} if its files are damaged or do not belong together
 */
export async function readCell(folder: string): Promise<FinishedCell | undefined> {
  const recordPath = join(folder, RECORD_FILE);
  const bytes = await readIfThere(recordPath);
  if (bytes === undefined) return undefined;
  const record = parseJson(bytes, recordPath) as CellRecord;
  const model = await readIfThere(join(folder, MODEL_FILE));
  const hash = model && sha256(model);
  if (model === undefined || hash !== record.weightsHash) {
    throw new DataFormatError(
      `${join(folder, MODEL_FILE)}: Cannot use this model: expected hash ${record.weightsHash}, got ${hash ?? "no file"}; delete ${RECORD_FILE} to train on from the checkpoint`,
    );
  }
  return { record, model };
}

function toLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Falls through to the one message for both cases.
  }
  throw new DataFormatError(
    `${path}: Cannot read this file: expected a JSON object, got other text`,
  );
}

function checkIdentity(path: string, want: object, got: unknown): void {
  const difference = findDifference(JSON.parse(JSON.stringify(want)), got);
  if (difference === undefined) return;
  throw new DataFormatError(
    `${path}: Cannot go on with another configuration: expected ${difference}; choose another name or the options of before`,
  );
}
