/** Every data set that a Node process can use, by name. */
import { DATASETS } from "../../data/datasets.ts";
import type { DataSource } from "../../data/source.ts";
import { digits } from "./digits.ts";
import { emoji } from "./emoji.ts";
import { folder } from "./folder.ts";
import { stamps } from "./stamps.ts";

export const NODE_DATASETS = { emoji, digits, stamps, folder, ...DATASETS } satisfies Record<
  string,
  DataSource
>;
