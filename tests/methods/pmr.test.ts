import { describe, expect, it } from "vitest";
import { pmr } from "../../src/methods/index.ts";
import {
  addRows,
  CLASSES,
  crossEntropyOf,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const ALPHA = 2;
const ENTROPY = 0.7;

/** Class means of the features; every class has the modality somewhere in the tiny problem. */
function prototypesOf(h: Rows): number[][] {
  return Array.from({ length: CLASSES }, (_, c) => {
    const own = h.filter((row, i) => row !== null && LABELS[i] === c) as number[][];
    return addRows(...own).map((total) => total / own.length);
  });
}

function similaritiesOf(h: Rows, prototypes: readonly number[][]): Rows {
  return h.map(
    (row) => row && prototypes.map((p) => -Math.hypot(...row.map((x, d) => x - (p[d] as number)))),
  );
}

function lossOf(tiny: Tiny, now: Values, frozen: Values, entropyWeight: number) {
  const sides = tiny.modalities.map((m) => {
    const prototypes = prototypesOf(tiny.features(frozen, m));
    const fixed = similaritiesOf(tiny.features(frozen, m), prototypes);
    const score = meanOf(
      fixed.flatMap((row, i) =>
        row === null ? [] : [Math.exp(-crossEntropyOf(row, LABELS[i] as number))],
      ),
    );
    return { near: similaritiesOf(tiny.features(now, m), prototypes), score };
  });
  const z = LABELS.map((_, i) =>
    addRows(
      ...tiny.modalities.map((m) => {
        const h = tiny.features(now, m)[i];
        return h ? linear(now, `method.${m}`, h) : null;
      }),
    ),
  );
  const strongest = sides.reduce((a, b) => (b.score > a.score ? b : a));
  const lags = sides.map(({ score }) => Math.min(strongest.score / score - 1, 1));
  const pulls = sides.reduce(
    (sum, { near }, k) => sum + (lags[k] as number) * meanCrossEntropy(near),
    0,
  );
  const entropies = strongest.near.flatMap((row) =>
    row === null ? [] : [-softmaxOf(row).reduce((sum, p) => sum + p * Math.log(p), 0)],
  );
  const most = Math.max(...lags);
  const total = meanCrossEntropy(z) + ALPHA * pulls - entropyWeight * most * meanOf(entropies);
  return { total, lags };
}

describe("pmr", () => {
  it.each([[["a"]], [["a", "b"]], [["a", "b", "c"]]])(
    "pulls the weaker of %j to their prototypes",
    async (modalities) => {
      const tiny = new Tiny(pmr({ alpha: ALPHA, share: 1, entropyWeight: ENTROPY }), {
        modalities,
      });
      await tiny.startEpoch();
      const { lags } = lossOf(tiny, tiny.values(), tiny.values(), ENTROPY);
      expect(lags.filter((lag) => lag > 0.01)).toHaveLength(modalities.length - 1);
      expectStepOf(tiny, (now, frozen) => lossOf(tiny, now, frozen, ENTROPY).total);
    },
  );

  it("counts the entropy in the first epochs alone", async () => {
    const losses = await Promise.all(
      [0, ENTROPY].map(async (entropyWeight) => {
        const tiny = new Tiny(pmr({ share: 1, entropyWeight, entropyEpochs: 2 }));
        await tiny.startEpoch({ epoch: 2 });
        return tiny.step({ epoch: 2 }).losses.total;
      }),
    );
    expect(losses[0]).toBe(losses[1]);
  });

  it("averages prototypes with those of the epoch before", async () => {
    const tiny = new Tiny(pmr({ share: 1, momentum: 0.3 }));
    await tiny.startEpoch();
    const first = prototypesOf(tiny.features(tiny.values(), "b")).flat();
    tiny.step();
    await tiny.startEpoch({ epoch: 1 });
    const second = prototypesOf(tiny.features(tiny.values(), "b")).flat();
    const found = tiny.network.method.state?.().b as Float32Array;
    expect([...found]).toEqual(
      first.map((x, i) => expect.closeTo(0.3 * x + 0.7 * (second[i] as number), 4)),
    );
  });
});
