import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { type DenseData, subset } from "../../src/data/dataset.ts";
import type { RowSource } from "../../src/data/rows.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DataError, OptionError, UseAfterFreeError, WorkerError } from "../../src/engine/errors.ts";
import { encodeSafetensors } from "../../src/io/safetensors.ts";
import { mla } from "../../src/methods/index.ts";
import { storedRows } from "../../src/node/stored-rows.ts";
import type { BatchProgress } from "../../src/train/config.ts";
import { train } from "../../src/train/train.ts";
import { connectWorker, type WorkerLike } from "../../src/worker/client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { SMALL } from "../train/support.ts";

/** The built script: Node 20 cannot run the source of it. */
const SCRIPT = new URL("../../dist/node/worker.js", import.meta.url);

const made: Worker[] = [];
const where = connectWorker(() => {
  const worker = new Worker(SCRIPT, { execArgv: [] });
  made.push(worker);
  return worker;
});
afterAll(() => where.dispose());

/** Without what the clock says. */
function timeless(epochs: readonly object[]) {
  return epochs.map((epoch) => ({ ...epoch, seconds: 0, samplesPerSecond: 0 }));
}

describe("train({ where })", () => {
  it("gives the records, the checkpoint and the model of a training here, bit for bit", async () => {
    const here = train({ ...SMALL, method: mla() });
    const model = await here.finish();
    const progress: BatchProgress[] = [];
    const there = train({
      ...SMALL,
      method: mla(),
      where,
      onBatch: (batch) => void progress.push(batch),
    });
    const seen = [];
    for await (const record of there) seen.push(record);
    expect(timeless(seen)).toEqual(timeless(here.epochs));
    expect(timeless(there.epochs)).toEqual(timeless(here.epochs));
    expect([there.complete, there.selectedEpoch]).toEqual([true, here.selectedEpoch]);
    expect(progress.filter(({ batch, batches }) => batch === batches)).toHaveLength(4);
    const remote = await there.finish();
    expect(await remote.save()).toEqual(model.save());
    expect(await remote.parameters()).toEqual(model.parameters());
    expect(remote.spec).toEqual(model.spec);
    const sample = { easy: Array.from({ length: 64 }, (_, i) => i / 64) };
    expect(await remote.predict(sample)).toEqual(model.predict(sample));
    const opened = await where.loadModel<"easy" | "hard">(model.save());
    expect(await opened.predict(sample)).toEqual(model.predict(sample));
    model.dispose();
    opened.dispose();
    remote.dispose();
    await expect(remote.save()).rejects.toThrow(UseAfterFreeError);
    expect((await where.info()).memory.persistent).toBe(0);
  });

  it("reads rows of a file there, and says what to do with rows that only this thread can read", async () => {
    const { train: part } = SMALL.data;
    const { kind, shape, values } = part.modalities.hard as DenseData;
    const path = join(await temporaryFolder(), "rows.safetensors");
    const hard = { shape: [part.size, ...shape], data: values };
    await writeFile(path, encodeSafetensors({ hard }));
    const streamed = (rows: RowSource) => ({
      ...SMALL.data,
      train: { ...part, modalities: { ...part.modalities, hard: { kind, shape, rows } } },
    });
    const want = await train(SMALL).finish();
    const rows = await storedRows(path, "hard");
    const model = await train({ ...SMALL, data: streamed(rows), where }).finish();
    expect(await model.parameters()).toEqual(want.parameters());
    const few = subset(streamed(rows).train, [5, 3]);
    const plain = subset(part, [5, 3]);
    expect(await model.predictAll(few.modalities)).toEqual(want.predictAll(plain.modalities));
    const { origin: _, ...own } = rows;
    const message =
      /modality "hard".*rows with an origin, such as storedRows\(\).*leave out \{ where \}/;
    expect(() => train({ ...SMALL, data: streamed(own), where })).toThrow(message);
    expect(() => train({ ...SMALL, data: streamed(own), where })).toThrow(DataError);
    const lost = { ...rows, origin: { opener: "other", from: null } };
    const run = train({ ...SMALL, data: streamed(lost), where }).finish();
    await expect(run).rejects.toThrow(/Cannot open rows of "other".*expected one of "stored"/);
  });

  it("goes on from a checkpoint, here or there, to the same bits", async () => {
    const whole = await train(SMALL).finish();
    const first = train({ ...SMALL, where });
    for await (const { epoch } of first) if (epoch === 2) break;
    const resume = first.checkpoint() as Uint8Array;
    expect(first.epochs.length).toBeGreaterThanOrEqual(2);
    const here = await train({ ...SMALL, resume }).finish();
    const there = await train({ ...SMALL, resume, where }).finish();
    expect(here.save()).toEqual(whole.save());
    expect(await there.save()).toEqual(whole.save());
  });

  it("stops within a batch, rejects with the signal's reason, and has the best model so far", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const run = train({ ...SMALL, epochs: 1_000_000, where, signal: abort.signal });
    let error: unknown;
    try {
      for await (const { epoch } of run) if (epoch === 2) abort.abort(reason);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBe(reason);
    expect((await run.model?.parameters())?.size).toBeGreaterThan(0);
    const never = train({ ...SMALL, where, signal: AbortSignal.abort(reason) });
    await expect(never.finish()).rejects.toBe(reason);
    expect(never.epochs).toEqual([]);
  });

  it("pauses within a batch and goes on to the same bits; an abort ends a paused one", async () => {
    const here = await train(SMALL).finish();
    const run = train({ ...SMALL, where });
    await run.pause();
    const ended = run.finish();
    await where.info();
    expect([run.paused, run.epochs.length]).toEqual([true, 0]);
    run.resume();
    expect(await (await ended).save()).toEqual(here.save());
    // Ended: nothing is left to wait for.
    await run.pause();
    const abort = new AbortController();
    const long = train({ ...SMALL, epochs: 1_000_000, where, signal: abort.signal });
    const stopped = long.finish();
    while (long.epochs.length === 0) await where.info();
    await long.pause();
    await where.info();
    const stood = long.epochs.length;
    for (let i = 0; i < 20; i++) await where.info();
    expect(long.epochs.length).toBe(stood);
    long.resume();
    while (long.epochs.length === stood) await where.info();
    await long.pause();
    abort.abort(new Error("enough"));
    await expect(stopped).rejects.toThrow("enough");
  });

  it("rejects with the worker's typed error", async () => {
    const wrong = train({ ...SMALL, where, method: { name: "mlaa", options: {} } });
    await expect(wrong.finish()).rejects.toThrow(OptionError);
    const again = train({ ...SMALL, where, method: { name: "mlaa", options: {} } });
    await expect(again.finish()).rejects.toThrow(
      'method: Cannot find "mlaa": expected one of "agm"',
    );
    const model = await train({ ...SMALL, epochs: 1, where }).finish();
    await expect(model.predict({})).rejects.toThrow(DataError);
    const engine = await createEngine();
    expect(() => train({ ...SMALL, engine, where })).toThrow('Cannot send "engine" to a worker');
  });

  it("trains two at a time", async () => {
    const seeds = [1, 2];
    const here = await Promise.all(seeds.map((seed) => train({ ...SMALL, seed }).finish()));
    const there = await Promise.all(seeds.map((seed) => train({ ...SMALL, seed, where }).finish()));
    expect(await Promise.all(there.map((model) => model.save()))).toEqual(
      here.map((model) => model.save()),
    );
  });

  it("survives the death of its worker: all that waits is told, and the next use starts another", async () => {
    const model = await train({ ...SMALL, epochs: 1, where }).finish();
    const run = train({ ...SMALL, epochs: 1_000_000, where });
    const dying = (async () => {
      for await (const { epoch } of run) if (epoch === 2) await made.at(-1)?.terminate();
    })();
    await expect(dying).rejects.toThrow(WorkerError);
    await expect(run.finish()).resolves.toBeUndefined();
    const resume = run.checkpoint() as Uint8Array;
    await expect(model.save()).rejects.toThrow("load it again from its file");
    const before = made.length;
    const rest = train({ ...SMALL, epochs: 1_000_000, resume, where });
    for await (const { epoch } of rest) {
      expect(epoch).toBeGreaterThan(2);
      break;
    }
    expect(made.length).toBe(before + 1);
  });

  it("says so if the script does not load", async () => {
    const missing = connectWorker(() => new Worker(new URL("./missing.js", import.meta.url)));
    await expect(train({ ...SMALL, where: missing }).finish()).rejects.toThrow(WorkerError);
  });

  it("listens to workers of browsers", async () => {
    const target = new EventTarget();
    const worker = Object.assign(target, { postMessage() {}, terminate() {} }) as WorkerLike;
    const browser = connectWorker(() => worker);
    const info = browser.info();
    target.dispatchEvent(new Event("error"));
    await expect(info).rejects.toThrow("a script that does not load; check its URL");
    const again = browser.info();
    const data = { id: 2, kind: "done", back: { threads: 1 } };
    target.dispatchEvent(new MessageEvent("message", { data }));
    await expect(again).resolves.toEqual({ threads: 1 });
  });
});
