import { describe, expect, it } from "vitest";
import { batches } from "../../src/data/batches.ts";
import { mask } from "../../src/data/dataset.ts";
import { mlp } from "../../src/encoders/index.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { SCALAR_WASM } from "../../src/engine/wasm/scalar.ts";
import { concat, late, mla, sum, ume, unimodal } from "../../src/methods/index.ts";
import { sgd } from "../../src/optim/index.ts";
import type { TrainConfig } from "../../src/train/config.ts";
import { train } from "../../src/train/train.ts";
import { SMALL, type Weights, weightsOf } from "./support.ts";

const METHODS = { unimodal, ume, late, sum, concat, mla };

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
