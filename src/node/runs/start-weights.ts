/** Trained weights that encoders begin with: `--weights image=FILE`. */
import { readFile } from "node:fs/promises";
import { bindPart } from "../../config/part.ts";
import type { InputSpec } from "../../encoders/encoder.ts";
import { DataFormatError, formatNames, OptionError } from "../../engine/errors.ts";
import { ALL_PARTS } from "../../train/all-parts.ts";
import { loadWeights, type WeightReport } from "../../weights/index.ts";
import { sha256 } from "../hash.ts";
import type { SharedTraining } from "../recipes.ts";

export interface WeightFile {
  readonly path: string;
  /** SHA-256 (hex) of the file. */
  readonly hash: string;
}

/**
 * The files of `MODALITY=FILE` entries.
 *
 * @throws {OptionError} if an entry has another form or a file cannot be read
 */
export async function findWeightFiles(
  entries: readonly string[],
): Promise<Record<string, WeightFile>> {
  const files: Record<string, WeightFile> = {};
  for (const entry of entries) {
    const [, modality, path] = /^([^=]+)=(.+)$/.exec(entry) ?? [];
    if (modality === undefined || path === undefined) {
      throw new OptionError(
        `train: Cannot set option "--weights": expected MODALITY=FILE, got "${entry}"`,
      );
    }
    files[modality] = { path, hash: sha256(await read(path)) };
  }
  return files;
}

/**
 * Values to begin with, and a report per modality.
 *
 * @throws {OptionError} if there is no such modality, or a file cannot be read
 * @throws {DataFormatError} if a file is damaged, not the one that was found, or nothing in it fits
 */
export async function readStartWeights(
  files: Readonly<Record<string, WeightFile>>,
  { encoders, dim }: SharedTraining,
  inputs: Readonly<Record<string, InputSpec>>,
): Promise<{
  initial: ReadonlyMap<string, Float32Array>;
  reports: Readonly<Record<string, WeightReport>>;
}> {
  const initial = new Map<string, Float32Array>();
  const reports: Record<string, WeightReport> = {};
  for (const [modality, { path, hash }] of Object.entries(files)) {
    const [encoder, input] = [encoders[modality], inputs[modality]];
    if (encoder === undefined || input === undefined) {
      throw new OptionError(
        `train: Cannot load weights for "${modality}": expected one of ${formatNames(Object.keys(inputs))}`,
      );
    }
    const bytes = await read(path);
    if (sha256(bytes) !== hash) {
      throw new DataFormatError(
        `${path}: Cannot begin with these weights: expected the file with hash ${hash}, got another`,
      );
    }
    const bound = bindPart("encoder", encoder, ALL_PARTS);
    const loaded = loadWeights({ modality, encoder: bound, input, dim }, bytes);
    for (const [name, values] of loaded.initial) initial.set(name, values);
    reports[modality] = loaded.report;
  }
  return { initial, reports };
}

/** A report in words: `image: 102 of torchvision-resnet18, missing none, ...`. */
export function describeWeights(modality: string, report: WeightReport): string {
  const shown = (names: readonly string[]) =>
    names.length === 0
      ? "none"
      : names.length > 5
        ? `${names.slice(0, 5).join(" ")} and ${names.length - 5} more`
        : names.join(" ");
  const misshaped = report.misshaped.map(
    ({ name, expected, got }) => `${name} ${expected} (file: ${got})`,
  );
  return `${modality}: ${report.loaded.length} parameters loaded by ${report.map}; begin at random: ${shown(report.fresh)}; missing: ${shown(report.missing)}; extra: ${shown(report.extra)}; of another shape: ${shown(misshaped)}`;
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new OptionError(
      `train: Cannot read weights: expected a safetensors file, got: ${(error as Error).message}`,
    );
  }
}
