import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/engine/errors.ts";
import { gBlending } from "../../src/methods/index.ts";
import { generalisation } from "../../src/methods/loss-trials.ts";
import { Random } from "../../src/random.ts";
import { train } from "../../src/train/train.ts";
import {
  crossEntropyOf,
  DIM,
  expectClose,
  expectStepOf,
  LABELS,
  linear,
  meanOf,
  type Rows,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b"];
const TRIALS = MODALITIES.length + 1;

/** Logits of each loss: the modalities' own, then the head on all features. */
function logitsOf(tiny: Tiny, values: Values): Rows[] {
  const h = MODALITIES.map((m) => tiny.features(values, m));
  const own = h.map((rows, k) =>
    rows.map((x) => x && linear(values, `method.own.${MODALITIES[k]}`, x)),
  );
  const zero = new Array<number>(DIM).fill(0);
  const all = LABELS.map((_, i) =>
    linear(
      values,
      "method.head",
      h.flatMap((rows) => [...(rows[i] ?? zero)]),
    ),
  );
  return [...own, all];
}

function lossesOf(
  tiny: Tiny,
  values: Values,
  samples: readonly number[] = [...LABELS.keys()],
): number[] {
  return logitsOf(tiny, values).map((z) =>
    meanOf(
      samples.flatMap((i) => (z[i] ? [crossEntropyOf(z[i] as number[], LABELS[i] as number)] : [])),
    ),
  );
}

describe("g-blending", () => {
  it("tries each loss alone from the same start, without the held-out slice", async () => {
    const tiny = new Tiny(gBlending({ holdOut: 0.25 }));
    const order = [...new Random(1, "held out").shuffle(Int32Array.from(LABELS.keys()))];
    const [held, rest] = [order.slice(0, 1), order.slice(1)];
    const start = tiny.values();
    const pairs = (losses: number[][]) =>
      (losses[0] ?? []).map((train, k) => ({ train, held: losses[1]?.[k] as number }));
    const before = pairs([lossesOf(tiny, start, rest), lossesOf(tiny, start, held)]);
    const after: typeof before = [];
    for (let trial = 0; trial < TRIALS; trial++) {
      await tiny.startEpoch({ epoch: trial });
      expect(tiny.values()).toEqual(start);
      expect(tiny.plan?.data.size).toBe(rest.length);
      expectStepOf(tiny, (values) => lossesOf(tiny, values)[trial] as number);
      const values = tiny.values();
      after.push(
        pairs([lossesOf(tiny, values, rest), lossesOf(tiny, values, held)])[trial] as {
          train: number;
          held: number;
        },
      );
    }
    await tiny.startEpoch({ epoch: TRIALS });
    expect(tiny.plan).toBeUndefined();
    expect(tiny.values()).toEqual(start);
    const flat = [...before, ...after].flatMap(({ train, held: own }) => [train, own]);
    expectClose(tiny.network.method.state?.().losses as Float64Array, flat, "losses");
    const weights = generalisation(before, after);
    expectStepOf(tiny, (values) =>
      lossesOf(tiny, values).reduce((sum, loss, k) => sum + loss * (weights[k] as number), 0),
    );
  });

  it("never selects an epoch of the trials", async () => {
    const tiny = new Tiny(gBlending());
    const run = train({
      data: { train: tiny.dataset, validation: tiny.dataset },
      encoders: tiny.network.spec.encoders,
      method: gBlending(),
      epochs: TRIALS + 1,
      dim: DIM,
    });
    const model = await run.finish();
    expect(run.epochs.map(({ trial = false }) => trial)).toEqual([true, true, true, false]);
    expect(run.selectedEpoch).toBe(TRIALS + 1);
    model.dispose();
  });

  it("needs an epoch after the trials, and says so before anything is trained", () => {
    const tiny = new Tiny(gBlending({ trialEpochs: 2 }));
    const short = () =>
      train({
        data: { train: tiny.dataset, validation: tiny.dataset },
        encoders: tiny.network.spec.encoders,
        method: gBlending({ trialEpochs: 2 }),
        epochs: 2 * TRIALS,
        dim: DIM,
      });
    expect(short).toThrow(OptionError);
    expect(short).toThrow("expected at least 7 epochs, got 6");
  });
});

describe("generalisation()", () => {
  it("is G / O^2, summing to 1, and 0 for what did not fall on the slice", () => {
    const before = [
      { train: 1, held: 1.1 },
      { train: 1, held: 1 },
      { train: 1, held: 1 },
    ];
    const after = [
      { train: 0.4, held: 0.7 },
      { train: 0.5, held: 0.9 },
      { train: 0.2, held: 1.2 },
    ];
    const [first, second] = [0.4 / 0.2 ** 2, 0.1 / 0.4 ** 2];
    expectClose(
      generalisation(before, after),
      [first / (first + second), second / (first + second), 0],
      "weights",
    );
    expect(generalisation(before, before)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});
