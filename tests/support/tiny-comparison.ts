import { join } from "node:path";
import { type ComparisonPlan, compare } from "../../src/node/runs/compare.ts";
import type { RunEvent } from "../../src/node/runs/run-events.ts";
import { tinyRecipe } from "./tiny-recipe.ts";

/** A comparison on made data that takes a moment, in this thread. */
export function tinyPlan(folder: string, changes: Partial<ComparisonPlan> = {}): ComparisonPlan {
  return {
    name: "tiny",
    folder: join(folder, "run"),
    data: { name: "synthetic", cacheDir: join(folder, "cache") },
    recipe: tinyRecipe(3),
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
