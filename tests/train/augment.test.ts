import { describe, expect, it } from "vitest";
import { number } from "../../src/config/options.ts";
import { defineAugmentation } from "../../src/data/augmentation.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import type { TrainConfig } from "../../src/train/config.ts";
import { resolveSettings } from "../../src/train/settings.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "./support.ts";

let applied = 0;

const jitter = defineAugmentation({
  name: "jitter",
  title: "moves every value a little",
  input: "dense",
  options: { most: number(1, "how far", { min: 0 }) },
  build: ({ most }) => ({
    apply(values, random) {
      applied++;
      return values.map((x) => x + most * random.float());
    },
  }),
});

const AUGMENTED: TrainConfig<"easy" | "hard"> = { ...SMALL, augment: { hard: jitter() } };

const weightsOf = async (config: typeof AUGMENTED) => (await train(config).finish()).parameters();

describe("train() with augment", () => {
  it("is what it says, off where it is not asked for", async () => {
    const weights = await weightsOf(AUGMENTED);
    expect(weights).not.toEqual(await weightsOf(SMALL));
    expect(await weightsOf(AUGMENTED)).toEqual(weights);
    const still = { ...SMALL, augment: { hard: jitter({ most: 0 }) } };
    expect(await weightsOf(still)).toEqual(await weightsOf(SMALL));
    expect(await weightsOf({ ...SMALL, augment: {} })).toEqual(await weightsOf(SMALL));
  });

  it("changes the samples of training alone", async () => {
    applied = 0;
    await weightsOf({ ...AUGMENTED, epochs: 2 });
    expect(applied).toBe(2 * SMALL.data.train.size);
  });

  it("goes on from a checkpoint with the same bits, and not with other options", async () => {
    const stopped = train(AUGMENTED);
    for await (const { epoch } of stopped) if (epoch === 2) break;
    const resume = stopped.checkpoint() as Uint8Array;
    expect(await weightsOf({ ...AUGMENTED, resume })).toEqual(await weightsOf(AUGMENTED));
    const other = { ...AUGMENTED, augment: { hard: jitter({ most: 2 }) }, resume };
    await expect(train(other).finish()).rejects.toThrow("augment.hard.options.most = 2, got 1");
  });

  it("finds the part of a configuration that is JSON, and refuses what it cannot use", () => {
    const json = { hard: JSON.parse(JSON.stringify(jitter())) };
    const parts = [jitter];
    expect(resolveSettings({ ...SMALL, augment: json, parts }).augment).toEqual(json);
    expect(() => resolveSettings({ ...SMALL, augment: json })).toThrow(OptionError);
    const unknown = { ...SMALL, augment: { soft: jitter() } as object };
    expect(() => resolveSettings(unknown)).toThrow('"soft": expected one of "easy", "hard"');
    const ofWords = defineAugmentation({
      name: "none",
      title: "",
      input: "bag",
      options: {},
      build: () => ({ apply: (ids) => ids }),
    });
    expect(() => resolveSettings({ ...SMALL, augment: { hard: ofWords() } })).toThrow(DataError);
  });
});
