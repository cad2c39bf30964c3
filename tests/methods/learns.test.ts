import { describe, expect, it } from "vitest";
import { configOf } from "../../src/config/part.ts";
import { type Dataset, mask } from "../../src/data/dataset.ts";
import { missingMasks } from "../../src/data/missing.ts";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { OptionError } from "../../src/engine/errors.ts";
import type { AnyMethodDefinition } from "../../src/methods/method.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { constant, sgd } from "../../src/optim/index.ts";
import { train } from "../../src/train/train.ts";
import { ENGINES } from "../support/engines.ts";

const EPOCHS = 12;
/** The first one is called as parts of methods are. */
const NAMES = ["head", "y", "z"];

const loaded = await createSynthetic({
  classes: 3,
  sizes: { train: 240, validation: 90, test: 3 },
  modalities: Object.fromEntries(
    NAMES.map((m, i) => [m, { kind: "linear", features: 10 + i, signal: 0.8 } as const]),
  ),
});

function only(dataset: Dataset, names: readonly string[]): Dataset {
  const modalities = Object.fromEntries(names.map((m) => [m, dataset.modalities[m]]));
  return { ...dataset, modalities } as Dataset;
}

function withHoles(dataset: Dataset, seed: number): Dataset {
  return mask(dataset, missingMasks(dataset, { rate: 0.2, seed }).present);
}

function start(method: AnyMethodDefinition, names: readonly string[], resume?: Uint8Array) {
  return train({
    data: {
      train: withHoles(only(loaded.train, names), 1),
      validation: withHoles(only(loaded.validation, names), 2),
    },
    encoders: Object.fromEntries(names.map((m) => [m, mlp({ hidden: [8] })])),
    method: configOf("method", method),
    optimizer: sgd({ rate: 0.02 }),
    schedule: constant(),
    dim: 8,
    batchSize: 24,
    epochs: EPOCHS,
    select: EPOCHS,
    seed: 4,
    engine: ENGINES.simd,
    ...(resume && { resume }),
  });
}

/** Validation accuracy of the last epoch: fused, or the mean over the modalities where nothing is fused. */
function accuracyOf(run: ReturnType<typeof start>): number {
  const { fused, modalities } = run.epochs.at(-1)?.validation ?? { fused: null, modalities: {} };
  const all = Object.values(modalities).map(({ accuracy }) => accuracy);
  return fused?.accuracy ?? all.reduce((sum, accuracy) => sum + accuracy, 0) / all.length;
}

/** The trained parameters end to end. */
async function valuesOf(run: ReturnType<typeof start>): Promise<number[]> {
  const model = await run.finish();
  const values = [...model.parameters().values()].flatMap((x) => [...x]);
  model.dispose();
  return values;
}

describe.each(Object.values(METHODS))("$name", (method) => {
  it("learns three modalities with holes, and goes on after a stop to the same bits", async () => {
    const whole = start(method, NAMES);
    let checkpoint: Uint8Array | undefined;
    let before: Uint8Array | undefined;
    for await (const _ of whole) {
      before = checkpoint;
      checkpoint = whole.checkpoint();
    }
    expect(accuracyOf(whole)).toBeGreaterThan(0.7);
    const values = await valuesOf(whole);
    expect(await valuesOf(start(method, NAMES, before))).toEqual(values);
  });

  it("learns one modality, or says that it needs two", async () => {
    if ((method.leastModalities ?? 1) > 1) {
      expect(() => start(method, ["head"])).toThrow(OptionError);
      expect(() => start(method, ["head"])).toThrow("expected at least 2, got 1");
      return;
    }
    const lone = start(method, ["head"]);
    await valuesOf(lone);
    expect(accuracyOf(lone)).toBeGreaterThan(0.6);
  });
});
