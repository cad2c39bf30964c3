import type { Mutant } from "./mutant.ts";

const FIRST_STAGE = ["tests/train/first-stage.test.ts"];

/** Wrong sampling, schedules, starts and costs. */
export const TRAINING_MUTANTS: readonly Mutant[] = [
  {
    name: "weighted sampling forgets the weights",
    file: "src/data/sampling.ts",
    search: "own.length * (samplingWeights[dataset.classes[c] as string] ?? 1)",
    replace: "own.length",
    tests: ["tests/data/sampling.test.ts"],
  },
  {
    name: "a rate that falls in a line falls from the warm-up's beginning on",
    file: "src/optim/schedule.ts",
    search: "fall((progress - warmup) / (1 - warmup))",
    replace: "fall(progress)",
    tests: ["tests/optim/schedule.test.ts"],
  },
  {
    name: "a checkpoint goes on from other start parameters",
    file: "src/train/checkpoint.ts",
    search: "    ...(startFrom !== undefined && { startFrom }),\n",
    replace: "",
    tests: FIRST_STAGE,
  },
  {
    name: "a cell is shared with one of another start",
    file: "src/node/runs/cell-job.ts",
    search: "    ...(job.startFrom && { startFrom: job.startFrom.identity }),\n",
    replace: "",
    tests: ["tests/node/runs/plan.test.ts"],
  },
  {
    name: "what a method looks at between epochs costs nothing",
    file: "src/node/runs/train-cell.ts",
    search: "flops * (epoch.looked ?? 0)",
    replace: "0",
    tests: ["tests/node/runs/cost.test.ts"],
  },
  {
    name: "methods that are tested together share the first one's outcomes",
    file: "src/metrics/paired-bootstrap.ts",
    search: "groupDifferences({ ...others, a })",
    replace: "groupDifferences({ ...others, a: all[0] ?? a })",
    tests: ["tests/metrics/inference.test.ts"],
    only: "pairedBootstrap",
  },
];
