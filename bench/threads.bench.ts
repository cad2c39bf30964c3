/**
 * The same calls on one thread and on two, in turn: how many times as fast two are. And what the machine lets two cores do
 * that share nothing but caches and memory: two processes with an engine each, by their CPU time.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cnnGroup } from "./cnn.bench.ts";
import { gemmGroup } from "./gemm.bench.ts";
import { mlpGroup } from "./mlp.bench.ts";
import { resnetGroup } from "./resnet.bench.ts";
import {
  type BenchCase,
  type BenchGroup,
  type Measurable,
  SkippedRow,
} from "./support/bench-case.ts";
import { engineFactory } from "./support/engines.ts";
import { transformerGroup } from "./transformer.bench.ts";

const THREADS = 2;
/** Milliseconds of calls, and of quick ones. */
const BUDGET = 4000;
const QUICK_BUDGET = 200;
/** Milliseconds and calls, at least, before the other engine has its turn: a worker then is awake, as in a training. */
const TURN = 20;
const TURN_CALLS = 4;

const ROWS = [
  "gemm 128 nn",
  "gemm 256 nn",
  "gemm 512 nn",
  "gemm 1024 nn",
  "gemm 64 x 784 x 512 nn",
  "gemm 512 x 64 x 784 tn",
  "mlp step",
  "cnn step",
  "resnet18 step 64",
  "resnet18 step 112",
  "transformer step",
];

/** Least seconds of a call within one turn. */
function turn(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + TURN;
  for (let call = 0; call < TURN_CALLS || performance.now() < end; call++) {
    const start = performance.now();
    run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function callOf(ready: Measurable): () => void {
  if (!("run" in ready)) throw new Error("threads: only calls can be compared");
  return ready.run;
}

function scaling(original: BenchCase): BenchCase {
  return {
    name: `${THREADS} threads, ${original.name}`,
    async prepare(engine, options) {
      const shared = await engineFactory(THREADS)().catch((error: Error) => {
        throw new SkippedRow(`${error.message} (npm run build -- --all)`);
      });
      try {
        const one = callOf(await original.prepare(engine, options));
        const two = callOf(await original.prepare(shared, options));
        let [alone, together] = [turn(one), turn(two)];
        const end = performance.now() + (options.quick ? QUICK_BUDGET : BUDGET);
        do {
          alone = Math.min(alone, turn(one));
          together = Math.min(together, turn(two));
        } while (performance.now() < end);
        const ms = (1000 * together).toPrecision(3);
        return { quantity: Number((alone / together).toFixed(2)), unit: `x one thread, ${ms} ms` };
      } finally {
        await shared.dispose();
      }
    },
  };
}

const PRODUCT_PROCESS = fileURLToPath(new URL("support/product-process.mjs", import.meta.url));
/** Milliseconds of products. */
const PROCESS_BUDGET = 4000;

/** Median CPU seconds of a product in a process of its own. */
async function productProcess(size: number): Promise<number> {
  const options = [PRODUCT_PROCESS, String(size), String(PROCESS_BUDGET)];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return Number(stdout);
}

function limit(size: number): BenchCase {
  return {
    name: `${THREADS} processes, gemm ${size} nn`,
    async prepare() {
      const alone = await productProcess(size);
      const both = await Promise.all([productProcess(size), productProcess(size)]);
      const mean = both.reduce((sum, seconds) => sum + seconds, 0) / both.length;
      const ms = (1000 * mean).toPrecision(3);
      return {
        quantity: Number(((THREADS * alone) / mean).toFixed(2)),
        unit: `x one process, ${ms} ms of CPU time each`,
      };
    },
  };
}

export const threadsGroup: BenchGroup = {
  title: "Two threads: how many times as fast as one, and the fastest call",
  cases: [
    ...[gemmGroup, mlpGroup, cnnGroup, resnetGroup, transformerGroup]
      .flatMap(({ cases }) => cases)
      .filter(({ name }) => ROWS.includes(name))
      .map(scaling),
    ...[256, 512, 1024].map(limit),
  ],
};
