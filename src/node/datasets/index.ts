/** Every data set that a Node process can use, by name. */
import { DATASETS } from "../../data/datasets.ts";
import type { DataSource } from "../../data/source.ts";
import { cremaD } from "./crema-d.ts";
import { digits } from "./digits.ts";
import { emoji } from "./emoji.ts";
import { folder } from "./folder.ts";
import { food101 } from "./food-101.ts";
import { iemocap } from "./iemocap.ts";
import { kineticsSound } from "./kinetics-sound.ts";
import { mvsa } from "./mvsa.ts";
import { stamps } from "./stamps.ts";

export const NODE_DATASETS = {
  emoji,
  digits,
  stamps,
  "crema-d": cremaD,
  "kinetics-sound": kineticsSound,
  "food-101": food101,
  mvsa,
  iemocap,
  folder,
  ...DATASETS,
} satisfies Record<string, DataSource>;
