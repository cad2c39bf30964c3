/** Every data set that a Node process can use, by name. */
import type { DataSource } from "../../data/source.ts";
import { emoji } from "./emoji.ts";

export const NODE_DATASETS = { emoji } satisfies Record<string, DataSource>;
