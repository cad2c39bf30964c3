import { describe, expect, it } from "vitest";
import { batches } from "../../src/data/batches.ts";
import { mask, subset } from "../../src/data/dataset.ts";
import { mlp } from "../../src/encoders/index.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { SCALAR_WASM } from "../../src/engine/wasm/scalar.ts";
import { entropy } from "../../src/fusion/index.ts";
import { concat, late, mla, sum, ume, umt, unimodal } from "../../src/methods/index.ts";
import { sgd } from "../../src/optim/index.ts";
import type { TrainConfig } from "../../src/train/config.ts";
import { fitOutputs } from "../../src/train/fuse-outputs.ts";
import { judge } from "../../src/train/judge.ts";
import { pause } from "../../src/train/pause.ts";
import { train } from "../../src/train/training-run.ts";
import { SMALL } from "./support.ts";

const METHODS = { unimodal, ume, late, sum, concat, mla };
type Weights = ReadonlyMap<string, Float32Array>;

async function weightsOf(config: Parameters<typeof train<"easy" | "hard">>[0]): Promise<Weights> {
  return (await train(config).finish()).parameters();
}

describe("train()", () => {
  it.each(Object.entries(METHODS))("%s: the same seed gives the same bits", async (_, method) => {
    const config = { ...SMALL, method: method() };
    const weights = await weightsOf(config);
    expect(await weightsOf(config)).toEqual(weights);
    expect(await weightsOf({ ...config, seed: 6 })).not.toEqual(weights);
  });

  it("gives the same bits in the scalar build", async () => {
    const engine = await createEngine({ wasm: SCALAR_WASM });
    expect(await weightsOf({ ...SMALL, engine })).toEqual(await weightsOf(SMALL));
  });

  it("lowers the loss and judges every epoch", async () => {
    const run = train(SMALL);
    await run.finish();
    expect(run.complete).toBe(true);
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(run.epochs[3]?.loss.total).toBeLessThan(run.epochs[0]?.loss.total as number);
    expect(Object.keys(run.epochs[0]?.validation?.modalities ?? {})).toEqual(["easy", "hard"]);
  });

  it("keeps the epoch that is best on validation data, or the one asked for", async () => {
    const run = train({ ...SMALL, optimizer: sgd({ rate: 0.3 }) });
    await run.finish();
    const scores = run.epochs.map(({ validation }) => validation?.fused?.accuracy as number);
    expect(run.selectedEpoch).toBe(scores.indexOf(Math.max(...scores)) + 1);
    const second = train({ ...SMALL, select: 2 });
    const values = (await second.finish()).parameters();
    expect(second.selectedEpoch).toBe(2);
    const stopped = train(SMALL);
    for await (const { epoch } of stopped) if (epoch === 2) break;
    expect(stopped.complete).toBe(false);
    const { selectedEpoch } = stopped;
    if (selectedEpoch === 2) expect(stopped.model?.parameters()).toEqual(values);
  });

  it.each(Object.entries({ mla, concat, ume }))(
    "%s: goes on from a checkpoint with the bits of a run that was never stopped",
    async (_, method) => {
      const config = { ...SMALL, method: method() };
      const whole = train(config);
      const weights = (await whole.finish()).parameters();
      const stopped = train(config);
      for await (const { epoch } of stopped) if (epoch === 2) break;
      const resumed = train({ ...config, resume: stopped.checkpoint() as Uint8Array });
      expect((await resumed.finish()).parameters()).toEqual(weights);
      const scores = (run: typeof whole) =>
        run.epochs.map(({ loss, validation }) => ({ loss, validation }));
      expect(scores(resumed)).toEqual(scores(whole));
    },
  );

  it("goes on with a sampling of its own from a checkpoint, and refuses another", async () => {
    const config: TrainConfig<"easy" | "hard"> = { ...SMALL, sampling: "balanced" };
    const weights = await weightsOf(config);
    expect(weights).not.toEqual(await weightsOf(SMALL));
    const stopped = train(config);
    for await (const { epoch } of stopped) if (epoch === 2) break;
    const resume = stopped.checkpoint() as Uint8Array;
    expect(await weightsOf({ ...config, resume })).toEqual(weights);
    await expect(train({ ...SMALL, resume }).finish()).rejects.toThrow(
      "expected sampling = nothing",
    );
  });

  it("averages the ends of the last epochs, judges and keeps that, and goes on alike", async () => {
    const at = (epoch: number) => weightsOf({ ...SMALL, select: epoch });
    const ends = [await at(3), await at(4)];
    const config = { ...SMALL, average: 2, select: 4 };
    const run = train(config);
    const model = await run.finish();
    for (const [name, got] of model.parameters()) {
      const [a, b] = ends.map((values) => values.get(name) as Float32Array) as [
        Float32Array,
        Float32Array,
      ];
      got.forEach((value, i) => {
        expect(value, name).toBeCloseTo(((a[i] as number) + (b[i] as number)) / 2, 5);
      });
      if (name.endsWith("weight")) expect(got).not.toEqual(b);
    }
    const { validation } = SMALL.data as Required<typeof SMALL.data>;
    const rule = fitOutputs(entropy(), undefined, []);
    expect(judge(model.outputs(validation), validation, rule)).toEqual(run.epochs[3]?.validation);
    const stopped = train(config);
    for await (const { epoch } of stopped) if (epoch === 3) break;
    const resume = stopped.checkpoint() as Uint8Array;
    expect(await weightsOf({ ...config, resume })).toEqual(model.parameters());
    await expect(train({ ...config, average: 3, resume }).finish()).rejects.toThrow("average = 3");
    expect(() => train({ ...config, average: 5 })).toThrow('Cannot set "average"');
  });

  it("refuses to go on from other start weights", async () => {
    const initial = await weightsOf({ ...SMALL, epochs: 1 });
    const stopped = train({ ...SMALL, initial });
    for await (const { epoch } of stopped) if (epoch === 2) break;
    const resume = stopped.checkpoint() as Uint8Array;
    const other = new Map([...initial].map(([name, values]) => [name, values.slice()]));
    for (const values of other.values()) values[0] = (values[0] as number) + 1;
    const goOn = (start?: Weights) => train({ ...SMALL, ...(start && { initial: start }), resume });
    await expect(goOn(other).finish()).rejects.toThrow("another configuration: expected initial =");
    await expect(goOn().finish()).rejects.toThrow("another configuration");
    const copy = new Map([...initial].reverse());
    expect((await goOn(copy).finish()).parameters()).toEqual(
      await weightsOf({ ...SMALL, initial }),
    );
  });

  it("refuses a checkpoint of another configuration and names the difference", async () => {
    const run = train(SMALL);
    for await (const { epoch } of run) if (epoch === 1) break;
    const resume = run.checkpoint() as Uint8Array;
    await expect(train({ ...SMALL, seed: 9, resume }).finish()).rejects.toThrow(
      "checkpoint: Cannot go on with another configuration: expected seed = 9, got 5",
    );
    await expect(train({ ...SMALL, resume: resume.subarray(0, 2000) }).finish()).rejects.toThrow(
      "checkpoint:",
    );
  });

  it("tells what the method measures about each modality, with the same bits as unwatched", async () => {
    const seen: (number | undefined)[] = [];
    const watched = await train({
      ...SMALL,
      method: mla(),
      onBatch: ({ measures }) => seen.push(measures?.hard?.drift),
    }).finish();
    const alone = await train({ ...SMALL, method: mla() }).finish();
    expect(Math.max(...seen.map(Number))).toBeGreaterThan(0);
    expect(watched.parameters()).toEqual(alone.parameters());
  });

  it("stops within a batch when aborted and leaves the best model so far", async () => {
    const abort = new AbortController();
    let batches = 0;
    const run = train({
      ...SMALL,
      signal: abort.signal,
      onBatch: ({ epoch }) => {
        batches++;
        if (epoch === 2) abort.abort(new Error("enough"));
      },
    });
    await expect(run.finish()).rejects.toThrow("enough");
    expect(batches).toBe(5);
    expect(run.selectedEpoch).toBe(1);
    // What was done of the second epoch is not in the checkpoint.
    const resumed = train({ ...SMALL, resume: run.checkpoint() as Uint8Array });
    expect((await resumed.finish()).parameters()).toEqual(await weightsOf(SMALL));
    expect(run.model?.predict({ easy: new Float32Array(64) }).label).toMatch(/class/);
  });

  it("pauses within a batch and goes on to the same bits; the time does not count", async () => {
    const seen: number[] = [];
    const run = train({
      ...SMALL,
      onBatch: ({ epoch, batch, batches }) => {
        seen.push((epoch - 1) * batches + batch);
        if (epoch === 2 && batch === 2) void run.pause();
      },
    });
    const ended = run.finish();
    while (!run.paused) await pause();
    const stood = seen.length;
    const start = performance.now();
    while (performance.now() - start < 300) await pause();
    expect([run.paused, seen.length, seen.at(-1)]).toEqual([true, stood, 6]);
    run.resume();
    expect((await ended).parameters()).toEqual(await weightsOf(SMALL));
    expect([run.paused, seen.length]).toEqual([false, 16]);
    expect(run.epochs[1]?.seconds).toBeLessThan(0.3);
  });

  it("can be paused before it starts, in the training of its first stage, and aborted while paused", async () => {
    const abort = new AbortController();
    let batches = 0;
    const config = { ...SMALL, method: umt(), signal: abort.signal, onBatch: () => void batches++ };
    const run = train(config);
    await run.pause();
    const ended = run.finish();
    for (let i = 0; i < 20; i++) await pause();
    expect(batches).toBe(0);
    run.resume();
    while (batches < 2) await pause();
    await run.pause();
    for (let i = 0; i < 5; i++) await pause();
    const stood = batches;
    for (let i = 0; i < 20; i++) await pause();
    expect(batches).toBe(stood);
    abort.abort(new Error("enough"));
    await expect(ended).rejects.toThrow("enough");
  });

  it("gives its memory back, aborted or not", async () => {
    const engine = await createEngine();
    const before = engine.memory().persistent;
    for (const method of [mla(), concat(), ume()]) {
      (await train({ ...SMALL, engine, method }).finish()).dispose();
      expect(engine.memory().persistent).toBe(before);
    }
    const run = train({ ...SMALL, engine, signal: AbortSignal.abort() });
    await expect(run.finish()).rejects.toThrow();
    run.model?.dispose();
    expect(engine.memory()).toMatchObject({ persistent: before, scopes: 0 });
  });

  it("does not grow memory over 10 000 steps", async () => {
    const engine = await createEngine();
    const data = {
      train: subset(
        SMALL.data.train,
        Array.from({ length: 20 }, (_, i) => i),
      ),
    };
    const reserved: number[] = [];
    const config = {
      ...SMALL,
      data,
      engine,
      batchSize: 2,
      epochs: 1000,
      optimizer: sgd({ rate: 1e-3 }),
    };
    const run = train(config);
    for await (const { epoch } of run)
      if (epoch % 250 === 1) reserved.push(engine.memory().reserved);
    expect(new Set(reserved).size).toBe(1);
    expect(engine.core.memory.buffer.byteLength).toBeLessThan(32 << 20);
  });

  it("names modality, op and batch when the loss is not finite", async () => {
    const run = train({ ...SMALL, optimizer: sgd({ rate: 1e30, momentum: 0 }) });
    await expect(run.finish()).rejects.toThrow(
      /train: Cannot go on: expected a finite loss for "(easy|hard)", got (NaN|Infinity) from op "\w+" in epoch 1, batch [1-4]; lower the learning rate or check the data/,
    );
  });

  it("mla: batches without a modality leave its encoder alone, momentum and decay included", async () => {
    const only = new Uint8Array(SMALL.data.train.size);
    only[0] = 1;
    const data = { train: mask(SMALL.data.train, { hard: only }) };
    const config = { ...SMALL, data, batchSize: 20, optimizer: sgd({ rate: 0.1 }) };
    const order = [...batches(data.train, { size: 20, seed: SMALL.seed as number })];
    const position = order.findIndex(({ inputs }) => inputs.hard !== undefined) + 1;
    expect(position).toBeLessThan(6);
    const start = await weightsAfter(config, 0);
    const [before, after, end] = await Promise.all([
      weightsAfter(config, position - 1),
      weightsAfter(config, position),
      weightsAfter(config, 6),
    ]);
    expect(moved(start, before, "encoders.hard")).toBe(false);
    expect(moved(before, after, "encoders.hard")).toBe(true);
    expect(moved(after, end, "encoders.hard")).toBe(false);
    expect(moved(after, end, "encoders.easy")).toBe(true);
  });

  it.each([1, 3])("trains on %i modalities", async (count) => {
    const { train: one } = SMALL.data;
    const names = ["a", "b", "c"].slice(0, count);
    const modalities = Object.fromEntries(names.map((m) => [m, one.modalities.easy]));
    const encoders = Object.fromEntries(names.map((m) => [m, mlp({ hidden: [8] })]));
    for (const method of Object.values(METHODS)) {
      const config = { ...SMALL, data: { train: { ...one, modalities } }, encoders, epochs: 1 };
      const run = train<string>({ ...config, method: method() });
      const model = await run.finish();
      expect(Object.keys(model.outputs({ ...one, modalities }).alone)).toEqual(names);
    }
  });
});

/** Weights after so many batches of the first epoch. */
async function weightsAfter(config: TrainConfig<"easy" | "hard">, count: number): Promise<Weights> {
  const abort = new AbortController();
  if (count === 0) abort.abort("stop");
  const onBatch = ({ batch }: { batch: number }) => {
    if (batch === count) abort.abort("stop");
  };
  const run = train({ ...config, epochs: 2, signal: abort.signal, onBatch });
  await run.finish().catch(() => undefined);
  return run.model?.parameters() as Weights;
}

function moved(a: Weights, b: Weights, prefix: string): boolean {
  return [...a].some(
    ([name, values]) => name.startsWith(prefix) && values.some((v, i) => v !== b.get(name)?.[i]),
  );
}
