import { afterEach, describe, expect, it } from "vitest";
import { conv, mlp } from "../../src/encoders/index.ts";
import type { EncoderTuning } from "../../src/encoders/tuning.ts";
import { OptionError } from "../../src/engine/errors.ts";
import * as methods from "../../src/methods/index.ts";
import { adam, sgd } from "../../src/optim/index.ts";
import type { TrainConfig } from "../../src/train/config.ts";
import type { Model } from "../../src/train/model.ts";
import { train } from "../../src/train/train.ts";
import { ENGINES } from "../support/engines.ts";
import { SMALL } from "./support.ts";

type Names = "easy" | "hard";

const CONFIG: TrainConfig<Names> = {
  ...SMALL,
  encoders: { easy: mlp({ hidden: [8, 6] }), hard: mlp({ hidden: [8] }) },
  method: methods.sum(),
  optimizer: sgd({ rate: 0.05, momentum: 0.9, weightDecay: 0.01 }),
  epochs: 1,
  engine: ENGINES.simd,
};

/** The start that every run shares: a rate of 0 moves nothing. */
const start = await valuesOf({ ...CONFIG, optimizer: sgd({ rate: 0 }) });

async function valuesOf(config: TrainConfig<Names>): Promise<ReadonlyMap<string, Float32Array>> {
  const model: Model<Names> = await train(config).finish();
  const values = model.parameters();
  model.dispose();
  return values;
}

/** Names of the parameters of "easy" that have moved. */
function moved(values: ReadonlyMap<string, Float32Array>): string[] {
  const prefix = "encoders.easy.";
  return [...values]
    .filter(([name]) => name.startsWith(prefix) && name.endsWith("weight"))
    .filter(([name, now]) => now.some((v, i) => v !== start.get(name)?.[i]))
    .map(([name]) => name.slice(prefix.length));
}

const tuned = (easy: Partial<EncoderTuning>, more: Partial<TrainConfig<Names>> = {}) =>
  valuesOf({ ...CONFIG, ...more, tuning: { easy } });

const before = ENGINES.simd.memory().persistent;
afterEach(() => expect(ENGINES.simd.memory().persistent).toBe(before));

describe("tuning", () => {
  it("freezes the first layers, named parameters or the whole encoder", async () => {
    expect(moved(await tuned({}))).toEqual(["hidden0.weight", "hidden1.weight", "out.weight"]);
    expect(moved(await tuned({ freezeLayers: 2 }))).toEqual(["out.weight"]);
    expect(moved(await tuned({ freezeNames: ["hidden1", "out.weight"] }))).toEqual([
      "hidden0.weight",
    ]);
    expect(moved(await tuned({ frozen: true }))).toEqual([]);
  });

  it("scales the learning rate of an encoder, and further from layer to layer", async () => {
    const plain = sgd({ rate: 0.05, momentum: 0, weightDecay: 0 });
    const one = { optimizer: plain, batchSize: SMALL.data.train.size };
    const [full, half] = [await tuned({}, one), await tuned({ rate: 0.5, layerDecay: 0.25 }, one)];
    const ratio = (name: string) => {
      const change = (values: typeof full) =>
        [...(values.get(name) as Float32Array)].map((v, i) => v - (start.get(name)?.[i] as number));
      const [a, b] = [change(full), change(half)];
      const largest = a.reduce(
        (best, v, i) => (Math.abs(v) > Math.abs(a[best] ?? 0) ? i : best),
        0,
      );
      return (b[largest] as number) / (a[largest] as number);
    };
    expect(ratio("encoders.easy.out.weight")).toBeCloseTo(0.5, 3);
    expect(ratio("encoders.easy.hidden1.weight")).toBeCloseTo(0.125, 3);
    expect(ratio("encoders.easy.hidden0.weight")).toBeCloseTo(0.03125, 3);
    expect(ratio("encoders.hard.out.weight")).toBeCloseTo(1, 3);
  });

  it("gives the rate 1 the bits of no tuning", async () => {
    expect(await tuned({})).toEqual(await valuesOf(CONFIG));
  });

  it("goes on from a checkpoint to the same bits, and not with another tuning", async () => {
    const config = {
      ...CONFIG,
      optimizer: adam(),
      epochs: 3,
      tuning: { easy: { freezeLayers: 1 } },
    };
    const run = train(config);
    await run[Symbol.asyncIterator]().next();
    const resume = run.checkpoint() as Uint8Array;
    const whole = await run.finish();
    expect(await valuesOf({ ...config, resume })).toEqual(whole.parameters());
    whole.dispose();
    const other = train({ ...config, tuning: { easy: { frozen: true } }, resume });
    await expect(other.finish()).rejects.toThrow("training.tuning.easy");
  });

  it("keeps the statistics of a frozen batch norm", async () => {
    const { train: part } = SMALL.data;
    const size = part.modalities.easy.kind === "dense" ? part.modalities.easy.shape[0] : 0;
    const pictures = <D extends typeof part>(data: D): D => ({
      ...data,
      modalities: { ...data.modalities, easy: { ...data.modalities.easy, shape: [1, size, 1] } },
    });
    const config = {
      ...CONFIG,
      data: { train: pictures(part) },
      encoders: { ...CONFIG.encoders, easy: conv({ channels: [3] }) },
    };
    const name = "encoders.easy.block0.norm.running_mean";
    const frozen = await valuesOf({ ...config, tuning: { easy: { freezeLayers: 1 } } });
    expect(frozen.get(name)).toEqual(new Float32Array(3));
    expect((await valuesOf(config)).get(name)).not.toEqual(new Float32Array(3));
  });

  it.each(Object.entries(methods))("holds under %s", async (_, method) => {
    const values = await tuned({ frozen: true }, { method: method(), epochs: 5, clip: 1 });
    expect(moved(values)).toEqual([]);
  });

  it("refuses names and modalities that there are not", async () => {
    await expect(tuned({ freezeNames: ["hidden"] })).rejects.toThrow(
      'Cannot freeze "hidden" of modality "easy": expected a name within one of "hidden0", "hidden1", "out"',
    );
    const wrong = { ...CONFIG, tuning: { eazy: {} } as never };
    expect(() => train(wrong)).toThrow(OptionError);
    expect(() => train({ ...CONFIG, tuning: { easy: { rate: -1 } } })).toThrow("a number >= 0");
  });
});
