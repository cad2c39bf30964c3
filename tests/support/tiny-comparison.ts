import { join } from "node:path";
import { mlp } from "../../src/encoders/index.ts";
import { type ComparisonPlan, compare } from "../../src/node/runs/compare.ts";
import type { RunEvent } from "../../src/node/runs/run-events.ts";
import { sgd } from "../../src/optim/index.ts";

/** A comparison on made data that takes a moment, in this thread. */
export function tinyPlan(folder: string, changes: Partial<ComparisonPlan> = {}): ComparisonPlan {
  return {
    name: "tiny",
    folder: join(folder, "run"),
    data: { name: "synthetic", cacheDir: join(folder, "cache") },
    recipe: {
      format: "altermodal-recipe-1",
      data: "synthetic",
      training: {
        encoders: { easy: mlp({ hidden: [8] }), hard: mlp({ hidden: [8] }) },
        dim: 8,
        batchSize: 128,
        epochs: 3,
        optimizer: sgd({ rate: 0.05 }),
      },
      search: null,
      methods: [],
    },
    changes: {},
    methods: [{ name: "mla", options: {} }],
    seeds: [0],
    resume: false,
    workers: 0,
    test: true,
    command: "altermodal compare --data synthetic",
    ...changes,
  };
}

/** Runs a plan; `stopWhen` stops it as Ctrl-C would. */
export async function runPlan(
  plan: ComparisonPlan,
  stopWhen: (event: RunEvent) => boolean = () => false,
) {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const result = await compare(plan, {
    signal: stop.signal,
    onEvent(event) {
      events.push(event);
      if (stopWhen(event)) stop.abort(new Error("stopped"));
    },
  });
  return { ...result, events };
}
