import type { Command } from "../command.ts";
import { compare } from "./compare.ts";
import { datasets } from "./datasets.ts";
import { diagnose } from "./diagnose.ts";
import { drift } from "./drift.ts";
import { encoders } from "./encoders.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { fuse } from "./fuse.ts";
import { methods } from "./methods.ts";
import { predict } from "./predict.ts";
import { prepare } from "./prepare.ts";
import { recipes } from "./recipes.ts";
import { reproduce } from "./reproduce.ts";
import { train } from "./train.ts";
import { tune } from "./tune.ts";

/** The one table of commands, in the order in which the help shows them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  diagnose,
  compare,
  reproduce,
  train,
  evaluate,
  predict,
  explain,
  export: exportCommand,
  tune,
  fuse,
  drift,
  prepare,
  recipes,
  methods,
  encoders,
  datasets,
};
