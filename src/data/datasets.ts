/** Every data set that needs no files, by name. Those from files are in `node/datasets/`. */
import type { DataSource } from "./source.ts";
import { synthetic } from "./synthetic.ts";

export const DATASETS = { synthetic } satisfies Record<string, DataSource>;
