/** Preparing a folder of pictures: what the second core brings, threads and files of the result included. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { folder } from "../src/node/datasets/folder.ts";
import { encodePng } from "../src/node/png.ts";
import { type BenchCase, type BenchGroup, WrongResult } from "./support/bench-case.ts";
import { seeded } from "./support/seeded.ts";

const WORKER = new URL("../dist/node/prepare/worker.js", import.meta.url);
const SIDE = 512;
const COUNT = 256;

function makePictures(root: string, count: number): void {
  const noise = Uint8Array.from(
    seeded(SIDE * SIDE * 3, 1),
    (value) => Math.abs(value * 1000) & 255,
  );
  const png = encodePng(noise, [SIDE, SIDE, 3]);
  for (let i = 0; i < count; i++) {
    const path = join(root, "pictures", `class${i % 2}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `${i}.png`), png);
  }
}

interface Round {
  /** Of one preparing, in seconds. */
  readonly seconds: number;
  /** Of them, how long the thread that hands out the work was busy. */
  readonly busy: number;
}

type Rounds = Readonly<Record<1 | 2, readonly Round[]>>;

/** One thread and two in turn, so that both meet the same machine. */
async function measure(quick: boolean): Promise<Rounds> {
  const root = mkdtempSync(join(tmpdir(), "prepare-"));
  const rounds = { 1: [] as Round[], 2: [] as Round[] };
  try {
    makePictures(root, COUNT);
    let hash: string | undefined;
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      for (const workers of [1, 2] as const) {
        const before = performance.eventLoopUtilization();
        const start = performance.now();
        const { dataHash, problems } = await folder.prepare({
          from: join(root, "pictures"),
          cacheDir: root,
          name: "prepared",
          force: true,
          workers,
          workerScript: WORKER,
        });
        const seconds = (performance.now() - start) / 1000;
        const busy = performance.eventLoopUtilization(before).active / 1000;
        rounds[workers].push({ seconds, busy });
        hash ??= dataHash;
        if (problems.count > 0 || dataHash !== hash) throw new WrongResult("not what was prepared");
      }
    }
    return rounds;
  } finally {
    rmSync(root, { recursive: true });
  }
}

let measured: Promise<Rounds> | undefined;

function rounds(quick: boolean): Promise<Rounds> {
  measured ??= measure(quick);
  return measured;
}

const least = (values: readonly number[]) => Math.min(...values);
const secondsOf = (all: readonly Round[]) => all.map(({ seconds }) => seconds);

/** A thread that only counts: what two of them gain is what this machine has to give now. */
const COUNTING = `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", (steps) => {
    let x = 1;
    for (let i = 0; i < steps; i++) x = (Math.imul(x, 1103515245) + i) | 0;
    parentPort.postMessage(x);
  });`;

async function scaling(quick: boolean): Promise<number> {
  const url = new URL(`data:text/javascript,${encodeURIComponent(COUNTING)}`);
  const threads = [new Worker(url), new Worker(url)] as const;
  const count = (thread: Worker) =>
    new Promise((resolve) => {
      thread.once("message", resolve);
      thread.postMessage(3e8);
    });
  const time = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const [one, two]: [number[], number[]] = [[], []];
  await Promise.all(threads.map(count));
  for (let round = 0; round < (quick ? 2 : 5); round++) {
    one.push(await time(() => count(threads[0])));
    two.push(await time(() => Promise.all(threads.map(count))));
  }
  await Promise.all(threads.map((thread) => thread.terminate()));
  return (2 * least(one)) / least(two);
}

const twoDigits = (value: number) => Number(value.toFixed(2));

const times = ([1, 2] as const).map(
  (workers): BenchCase => ({
    name: `prepare ${COUNT} pictures, ${workers} thread${workers > 1 ? "s" : ""}`,
    work: { amount: COUNT, unit: "sample" },
    prepare: async (_, { quick }) => ({ seconds: secondsOf((await rounds(quick))[workers]) }),
  }),
);

export const prepareGroup: BenchGroup = {
  title: "Preparing pictures of 512 x 512: fastest of some rounds, one thread and two in turn",
  cases: [
    ...times,
    {
      name: `prepare ${COUNT} pictures, one thread's time over two threads'`,
      async prepare(_, { quick }) {
        const all = await rounds(quick);
        const ratio = least(secondsOf(all[1])) / least(secondsOf(all[2]));
        return { quantity: twoDigits(ratio), unit: "times" };
      },
    },
    {
      name: `prepare ${COUNT} pictures, what is not shared, of one thread's time`,
      async prepare(_, { quick }) {
        const share = least((await rounds(quick))[1].map(({ busy, seconds }) => busy / seconds));
        return { quantity: twoDigits(100 * share), unit: "%" };
      },
    },
    {
      name: "prepare, for comparison: two threads that only count over one",
      prepare: async (_, { quick }) => ({
        quantity: twoDigits(await scaling(quick)),
        unit: "times",
      }),
    },
  ],
};
