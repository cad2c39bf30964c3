import { findPart } from "../config/part.ts";
import type { DataOptions, DataSource, LoadedData } from "../data/source.ts";
import { NODE_DATASETS } from "./datasets/index.ts";

/** @throws {OptionError} that lists the data sets if there is none of this name */
export function findDataset(name: string): DataSource {
  return findPart<DataSource>("data", NODE_DATASETS, name);
}

/** Loads a data set by name. */
export function loadData(name: string, options: DataOptions): Promise<LoadedData> {
  return findDataset(name).load(options);
}
