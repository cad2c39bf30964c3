/**
 * What training waits for its data: ResNet-18 on 8 pictures, streamed from a file as bytes, cropped and flipped at random.
 * The waiting is all of an epoch between two steps: reading, bytes to numbers, augmentation, copying into the core. And
 * the memory of a training on streamed data.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pictures } from "../src/augment/index.ts";
import { type Engine, encoders, methods, train } from "../src/index.ts";
import { encodeSafetensors } from "../src/io/safetensors.ts";
import { defineMethod, type MethodContext, type MethodInstance } from "../src/methods/method.ts";
import { batchThreads } from "../src/node/batch-threads.ts";
import { sha256 } from "../src/node/hash.ts";
import { storedRows } from "../src/node/stored-rows.ts";
import { type BenchCase, type BenchGroup, WrongResult } from "./support/bench-case.ts";
import { seeded } from "./support/seeded.ts";

const BATCH = 8;
const SCRIPT = new URL("../dist/node/batch-worker.js", import.meta.url);
const MEMORY_SCRIPT = fileURLToPath(new URL("./support/loader-memory.mjs", import.meta.url));
const NORM = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] };

/** Milliseconds of each epoch, and of the steps in it. */
interface Timed {
  epoch: number;
  steps: number;
}

/** One modality alone, with a clock around each step; `times` gets the steps' times. */
function timedMethod(times: number[]) {
  const { definition } = methods.unimodal;
  return defineMethod({
    ...definition,
    name: "timed",
    build<M extends string>(context: MethodContext<M, unknown>): MethodInstance<M> {
      const method = definition.build(context as MethodContext<M, object>);
      const step = method.step as NonNullable<MethodInstance<M>["step"]>;
      return {
        ...method,
        step(batch, clock) {
          const start = performance.now();
          const losses = step(batch, clock);
          times.push(performance.now() - start);
          return losses;
        },
      };
    },
  });
}

/** Trains on pictures of a file, read and augmented by a thread or by this one. */
async function trainStreamed(engine: Engine, side: number, batches: number, threads: number) {
  const folder = mkdtempSync(join(tmpdir(), "loader-"));
  try {
    const size = BATCH * batches;
    const data = Uint8Array.from(seeded(size * side * side * 3, 1, 128), (x) => x + 128);
    const path = join(folder, "pictures.safetensors");
    writeFileSync(path, encodeSafetensors({ image: { shape: [size, side, side, 3], data } }));
    const rows = await storedRows(path, "image", NORM);
    const image = { kind: "dense" as const, shape: rows.shape, rows };
    const labels = Int32Array.from({ length: size }, (_, i) => i % 2);
    const ids = Array.from(labels, (_, i) => `${i}`);
    const times: number[] = [];
    using loader = batchThreads({ script: SCRIPT });
    const run = train({
      engine,
      data: {
        train: { name: "made", size, classes: ["a", "b"], modalities: { image }, labels, ids },
      },
      encoders: { image: encoders.resnet18() },
      augment: { image: pictures() },
      method: timedMethod(times)(),
      batchSize: BATCH,
      epochs: 3,
      ...(threads > 0 && { loader }),
    });
    const epochs: Timed[] = [];
    for await (const { seconds } of run) {
      epochs.push({ epoch: 1000 * seconds, steps: times.splice(0).reduce((a, b) => a + b, 0) });
    }
    const model = run.model as NonNullable<typeof run.model>;
    const hash = sha256(model.save());
    model.dispose();
    // The first epoch starts the thread and warms up the code.
    return { epochs: epochs.slice(1), hash };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of the model, by side of the pictures: it must not depend on who reads. */
const hashes = new Map<number, string>();

function waiting(side: number, threads: number): BenchCase {
  const who = threads > 0 ? "a thread" : "the training's own thread";
  return {
    name: `loader, resnet18 step ${side}, waiting for data of ${who}`,
    async prepare(engine, { quick }) {
      const { epochs, hash } = await trainStreamed(engine, side, quick ? 4 : 12, threads);
      const before = hashes.get(side) ?? hash;
      hashes.set(side, hash);
      if (hash !== before) {
        throw new WrongResult("other weights with a thread than without");
      }
      const shares = epochs.map(({ epoch, steps }) => (epoch - steps) / epoch);
      return { quantity: Number((100 * Math.min(...shares)).toFixed(2)), unit: "% of the time" };
    },
  };
}

/** Peak memory of a fresh process that trains on as many bytes of values, all in memory or none. */
function peakMemory(megabytes: number, where: "memory" | "file"): BenchCase {
  return {
    name: `loader, ${megabytes} MB of values in ${where}, peak of the process`,
    prepare() {
      const folder = mkdtempSync(join(tmpdir(), "loader-"));
      try {
        const args = [MEMORY_SCRIPT, folder, `${megabytes}`, where];
        return { quantity: Number(execFileSync(process.execPath, args)), unit: "MB" };
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

export const loaderGroup: BenchGroup = {
  title: "Loader: ResNet-18 on 8 streamed, augmented pictures; memory of streamed data",
  cases: [
    ...[64, 112].flatMap((side) => [waiting(side, 0), waiting(side, 1)]),
    peakMemory(128, "memory"),
    peakMemory(512, "memory"),
    peakMemory(128, "file"),
    peakMemory(512, "file"),
  ],
};
