import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pictures, spectra } from "../../src/augment/index.ts";
import type { PartConfig } from "../../src/config/part.ts";
import { createBatchAugmenter } from "../../src/data/augment-batches.ts";
import { buildAugmenter, defineAugmentation } from "../../src/data/augmentation.ts";
import { type Batch, loadBatches } from "../../src/data/batches.ts";
import { type Dataset, type DenseData, mask, subset } from "../../src/data/dataset.ts";
import { DataError, DataFormatError, OptionError, WorkerError } from "../../src/engine/errors.ts";
import { encodeSafetensors } from "../../src/io/safetensors.ts";
import { batchThreads } from "../../src/node/batch-threads.ts";
import { ROW_OPENERS, storedRows } from "../../src/node/stored-rows.ts";
import { Random } from "../../src/random.ts";
import { train } from "../../src/train/train.ts";
import { BatchWorkers, type BatchWorkersOptions } from "../../src/worker/batch-workers.ts";
import { type ServeBatchesOptions, serveBatches } from "../../src/worker/serve-batches.ts";
import type { WorkerLike } from "../../src/worker/worker-like.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { SMALL } from "../train/support.ts";

const SIZE = 12;
const PARTS = [pictures, spectra];
const SCRIPT = new URL("../../dist/node/batch-worker.js", import.meta.url);

/** What a user may write: the workers know nothing of it. */
const negate = defineAugmentation({
  name: "negate",
  title: "",
  input: "dense",
  options: {},
  build: () => ({ apply: (values) => values.map((x) => -x) }),
});

const seeded = (count: number) => {
  const random = new Random(1, "loader test");
  return Float32Array.from({ length: count }, () => random.normal());
};

/** Pictures in memory, spectra in a file, words. */
async function makeData(): Promise<Dataset<"image" | "sound" | "note"> & { path: string }> {
  const path = join(await temporaryFolder(), "data.safetensors");
  const values = seeded(SIZE * 20);
  await writeFile(path, encodeSafetensors({ sound: { shape: [SIZE, 5, 4], data: values } }));
  const rows = await storedRows(path, "sound", { mean: [1, 2, 3, 4], deviation: [2, 2, 1, 1] });
  return {
    path,
    name: "made",
    size: SIZE,
    classes: ["a", "b"],
    modalities: {
      image: { kind: "dense", shape: [4, 4, 3], values: seeded(SIZE * 48) },
      sound: { kind: "dense", shape: rows.shape, rows },
      note: {
        kind: "bag",
        vocabulary: 3,
        ids: Int32Array.from({ length: SIZE }, (_, i) => i % 3),
        offsets: Int32Array.from({ length: SIZE + 1 }, (_, i) => i),
      },
    },
    labels: Int32Array.from({ length: SIZE }, (_, i) => i % 2),
    ids: Array.from({ length: SIZE }, (_, i) => `s${i}`),
  };
}

/** A worker in this thread, whose answers come late and out of order. */
function localWorker(options: ServeBatchesOptions = { parts: PARTS, openers: ROW_OPENERS }) {
  const listeners: ((data: unknown) => void)[] = [];
  let answers = 0;
  const receive = serveBatches(
    {
      postMessage(message, transfer) {
        const copy = structuredClone(message, { transfer });
        setTimeout(() => listeners[0]?.(copy), (7 * answers++) % 3);
      },
    },
    options,
  );
  const worker: WorkerLike & { on(type: string, listener: (data: unknown) => void): void } = {
    postMessage(message: unknown, transfer: ArrayBuffer[] = []) {
      const copy = structuredClone(message, { transfer });
      setTimeout(() => receive(copy), 0);
    },
    terminate() {},
    on(type, listener) {
      if (type === "message") listeners.push(listener);
    },
  };
  return worker;
}

function localLoader(options: BatchWorkersOptions, serve?: ServeBatchesOptions) {
  return new BatchWorkers(() => localWorker(serve), { augmentations: PARTS, ...options });
}

const plain = ({ indices, labels, inputs }: Batch) => structuredClone({ indices, labels, inputs });

/** The batches of an epoch as the training loop makes them. */
async function collect(
  dataset: Dataset,
  parts: readonly Int32Array[],
  augment: Readonly<Record<string, PartConfig>>,
  loader?: BatchWorkers,
) {
  const [seed, epoch] = [3, 1];
  const elsewhere = loader?.load({ dataset, augment, seed, epoch });
  const left = Object.entries(augment).filter(([m]) => !elsewhere?.done.includes(m));
  const augmenters = left.map(([m, config]) => {
    const data = dataset.modalities[m] as DenseData;
    return [m, buildAugmenter(m, config, { kind: "dense", shape: data.shape })] as const;
  });
  for (const [, augmenter] of augmenters) await augmenter.ready?.();
  const change = createBatchAugmenter(Object.fromEntries(augmenters), seed, epoch);
  const found: object[] = [];
  for await (const batch of loadBatches(elsewhere?.dataset ?? dataset, parts, loader?.ahead)) {
    found.push(plain(change(batch)));
  }
  return found;
}

describe("batches prepared by workers", () => {
  it("are the same for any number of workers, any reading ahead, gaps, subsets and repeats", async () => {
    const data = await makeData();
    const position = fc.integer({ min: 0, max: 7 });
    const batch = fc.array(position, { minLength: 1, maxLength: 4 }).map((p) => Int32Array.from(p));
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 6 }),
        fc.subarray(["image", "sound"] as const),
        fc.array(fc.boolean(), { minLength: SIZE, maxLength: SIZE }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (parts, augmented, gaps, workers, ahead, own) => {
          const sound = Uint8Array.from(gaps, Number);
          const some = subset(mask(data, { sound }), [3, 1, 11, 10, 5, 4, 8, 0]);
          const picks = subset(some, [7, 6, 5, 4, 3, 2, 1, 0]);
          const augment = Object.fromEntries(
            augmented.map((m) => [
              m,
              m === "image" ? (own ? negate() : pictures()) : spectra({ bands: 2, noise: 1 }),
            ]),
          );
          using loader = localLoader({ workers, ahead });
          const want = await collect(picks, parts, augment);
          expect(await collect(picks, parts, augment, loader)).toEqual(want);
        },
      ),
      { numRuns: 40, seed: 5 },
    );
  });

  it("give the same batches and train to the same bits on real threads", async () => {
    const data = await makeData();
    const parts = [Int32Array.of(1, 2, 2), Int32Array.of(9), Int32Array.of(2, 0, 5)];
    const augment = { image: pictures(), sound: spectra({ frames: 2 }) };
    const batches = await collect(data, parts, augment);
    const path = join(await temporaryFolder(), "small.safetensors");
    const { easy, hard } = SMALL.data.train.modalities as Record<string, DenseData>;
    const { values, shape } = hard as DenseData;
    const tensor = { shape: [SMALL.data.train.size, ...shape], data: values };
    await writeFile(path, encodeSafetensors({ hard: tensor }));
    const rows = await storedRows(path, "hard");
    const modalities = { easy: easy as DenseData, hard: { kind: "dense" as const, shape, rows } };
    const streamed = { ...SMALL.data.train, modalities };
    const want = await train(SMALL).finish();
    for (const workers of [1, 2]) {
      using loader = batchThreads({ workers, script: SCRIPT });
      expect(await collect(data, parts, augment, loader)).toEqual(batches);
      const got = await train({
        ...SMALL,
        data: { ...SMALL.data, train: streamed },
        loader,
      }).finish();
      expect(got.parameters()).toEqual(want.parameters());
    }
  });

  it("need no worker for what none can do better", async () => {
    const { image, note } = (await makeData()).modalities;
    const data = { ...(await makeData()), modalities: { image, note } };
    using loader = new BatchWorkers(() => expect.fail("a worker"), { augmentations: PARTS });
    const parts = [Int32Array.of(1, 2)];
    expect(await collect(data, parts, {}, loader)).toEqual(await collect(data, parts, {}));
    expect(await collect(data, parts, { image: negate() }, loader)).toHaveLength(1);
  });

  it("are checked where they are read, and named by sample and position", async () => {
    const data = await makeData();
    const broken = seeded(SIZE * 20);
    broken[4 * 20 + 7] = Number.NaN;
    await writeFile(data.path, encodeSafetensors({ sound: { shape: [SIZE, 5, 4], data: broken } }));
    const rows = await storedRows(data.path, "sound");
    const sound = { kind: "dense" as const, shape: [5, 4], rows };
    using loader = localLoader({});
    const augment = { sound: spectra({ bands: 4 }) };
    const parts = [Int32Array.of(1, 4)];
    const run = collect({ ...data, modalities: { sound } }, parts, augment, loader);
    await expect(run).rejects.toThrow(DataError);
    await expect(run).rejects.toThrow('sample "s4" (index 4), modality "sound", position 7');
  });

  it("end by typed errors: of a file, of a part or opener that is not there, of a worker that dies", async () => {
    const data = await makeData();
    const parts = [Int32Array.of(1), Int32Array.of(2)];
    const augment = { sound: spectra({ bands: 2 }) };
    const attempt = (loader: BatchWorkers) => collect(data, parts, augment, loader);
    await expect(attempt(localLoader({}, { parts: PARTS }))).rejects.toThrow(
      /^rows: Cannot open rows of "stored" in this thread: expected one of .*openers/,
    );
    await expect(attempt(localLoader({}, { openers: ROW_OPENERS }))).rejects.toThrow(OptionError);
    const dead = new URL("data:text/javascript,process.exit(3)");
    await expect(attempt(batchThreads({ script: dead }))).rejects.toThrow(WorkerError);
    const thread = batchThreads({ script: SCRIPT });
    await writeFile(data.path, "short");
    await expect(attempt(thread)).rejects.toThrow(DataFormatError);
    thread.dispose();
    expect(() => batchThreads({ workers: 0 })).toThrow(OptionError);
  });

  it("stop waiting when the run is aborted, with its reason", async () => {
    const data = await makeData();
    const silent = { postMessage() {}, terminate() {}, on() {} };
    const loader = new BatchWorkers(() => silent, { augmentations: PARTS });
    const abort = new AbortController();
    const loaded = loader.load({
      dataset: data,
      augment: {},
      seed: 0,
      epoch: 0,
      signal: abort.signal,
    });
    const first = loadBatches(loaded.dataset, [Int32Array.of(1)], loader.ahead).next();
    setTimeout(() => abort.abort(new Error("enough")), 5);
    await expect(first).rejects.toThrow("enough");
    const again = loader.load({ dataset: data, augment: {}, seed: 0, epoch: 0 });
    const second = loadBatches(again.dataset, [Int32Array.of(1)], loader.ahead).next();
    setTimeout(() => loader.dispose(), 5);
    await expect(second).rejects.toThrow(WorkerError);
  });
});
