import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, formatNames, OptionError } from "../engine/errors.ts";
import { type FinishedCell, readCell } from "../node/runs/cell-folder.ts";
import { loadModel } from "../train/load-model.ts";
import type { Model } from "../train/model.ts";

export interface OpenRun extends FinishedCell {
  readonly network: Model<string>;
  /** Name of the data it was trained on. */
  readonly data: string;
}

/**
 * Opens a trained cell. The folder of a run with a single cell will do.
 *
 * @throws {OptionError} if there is none, or several to choose from
 */
export async function openRun(command: string, folder: string | null): Promise<OpenRun> {
  if (folder === null) {
    throw new OptionError(`${command}: Cannot find a model: expected --run DIR, got none`);
  }
  const path = cellPath(command, folder);
  const cell = await readCell(path);
  if (cell === undefined) {
    throw new OptionError(
      `${command}: Cannot find a model in "${folder}": expected the folder of a trained cell, got one without cell.json`,
    );
  }
  const data = dataName(
    join(path, "config.json"),
    await readFile(join(path, "config.json"), "utf8"),
  );
  return { ...cell, data, network: await loadModel(cell.model) };
}

function dataName(path: string, text: string): string {
  try {
    const { name } = JSON.parse(text).data;
    if (typeof name === "string") return name;
  } catch {
    // Falls through to the one message for both cases.
  }
  throw new DataFormatError(
    `${path}: Cannot read this file: expected JSON with data.name, got other text`,
  );
}

function cellPath(command: string, folder: string): string {
  const cells = join(folder, "cells");
  if (!existsSync(cells)) return folder;
  const names = readdirSync(cells).filter((name) => existsSync(join(cells, name, "cell.json")));
  const [only] = names;
  if (names.length === 1 && only !== undefined) return join(cells, only);
  throw new OptionError(
    `${command}: Cannot choose a model in "${folder}": expected --run ${join(folder, "cells", "NAME")} with NAME one of ${formatNames(names)}`,
  );
}
