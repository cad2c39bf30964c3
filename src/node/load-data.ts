import { findPart } from "../config/part.ts";
import { limitData } from "../data/limit.ts";
import type { DataOptions, DataSource, LoadedData } from "../data/source.ts";
import { NODE_DATASETS } from "./datasets/index.ts";

/** @throws {OptionError} that lists the data sets if there is none of this name */
export function findDataset(name: string): DataSource {
  return findPart<DataSource>("data", NODE_DATASETS, name);
}

export interface LoadOptions extends DataOptions {
  /** Samples of each part, to try something out; default: all. */
  readonly limit?: number;
}

/** Loads a data set by name. */
export async function loadData(
  name: string,
  { limit, ...options }: LoadOptions,
): Promise<LoadedData> {
  const data = await findDataset(name).load(options);
  return limit === undefined ? data : limitData(data, limit);
}
