import { describe, expect, it } from "vitest";
import { inforeg } from "../../src/methods/index.ts";
import { growth } from "../../src/methods/inforeg.ts";
import {
  addRows,
  crossEntropyOf,
  expectClose,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  referenceGradients,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const STRENGTH = 0.8;

const parts = (tiny: Tiny, values: Values): Rows[] =>
  MODALITIES.map((m) => tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)));

function lossOf(tiny: Tiny, values: Values, own: boolean): number {
  const z = parts(tiny, values);
  const joint = LABELS.map((_, i) => addRows(...z.map((rows) => rows[i] ?? null)));
  return (
    meanCrossEntropy(joint) + (own ? z.reduce((sum, rows) => sum + meanCrossEntropy(rows), 0) : 0)
  );
}

/** Lead of each modality over the mean of the others. */
function gaps(tiny: Tiny, values: Values): number[] {
  const scores = parts(tiny, values).map((rows) =>
    meanOf(rows.flatMap((z, i) => (z ? [Math.exp(-crossEntropyOf(z, LABELS[i] as number))] : []))),
  );
  const total = scores.reduce((a, b) => a + b, 0);
  return scores.map((score) => score - (total - score) / (scores.length - 1));
}

describe("inforeg", () => {
  it.each([false, true])(
    "pulls along what the stronger encoders moved (own losses: %s)",
    async (own) => {
      const options = { strength: STRENGTH, ownLosses: own };
      const tiny = new Tiny(inforeg(options), { modalities: MODALITIES });
      await tiny.startEpoch();
      const start = tiny.values();
      const first = tiny.step();
      const plain = referenceGradients(start, (values) => lossOf(tiny, values, own));
      expect(first.losses.total).toBeCloseTo(lossOf(tiny, start, own), 4);
      for (const [name, want] of plain) expectClose(first.gradients.get(name) ?? [], want, name);
      const moved = tiny.values();
      const lead = gaps(tiny, moved);
      expect(lead.some((gap) => gap > 0.01)).toBe(true);
      const { gradients } = tiny.step();
      for (const [name, gradient] of referenceGradients(moved, (v) => lossOf(tiny, v, own))) {
        const k = MODALITIES.findIndex((m) => name.startsWith(`encoders.${m}.`));
        const gap = lead[k] ?? 0;
        const factor = gap > 0 ? STRENGTH * Math.exp(Math.tanh(gap)) : 0;
        const [now, from] = [moved.get(name) as Float64Array, start.get(name) as Float64Array];
        const want = gradient.map(
          (g, i) => g + factor * ((now[i] as number) - (from[i] as number)),
        );
        expectClose(gradients.get(name) as Float64Array, want, name);
      }
    },
  );

  it("stops once the trace of the Fisher information grows too little", async () => {
    const tiny = new Tiny(inforeg({ strength: STRENGTH, threshold: 1 }), {
      modalities: MODALITIES,
    });
    await tiny.startEpoch();
    tiny.step();
    const moved = tiny.values();
    const { gradients } = tiny.step();
    for (const [name, want] of referenceGradients(moved, (v) => lossOf(tiny, v, false))) {
      expectClose(gradients.get(name) as Float64Array, want, name);
    }
  });

  it("adds up the mean squared gradients of each encoder's weights", async () => {
    const tiny = new Tiny(inforeg({ threshold: 1 }), { modalities: MODALITIES });
    await tiny.startEpoch();
    const steps = [tiny.step(), tiny.step()];
    const traces = tiny.network.method.state?.() ?? {};
    for (const m of MODALITIES) {
      const squares = steps.map(({ gradients }) =>
        meanOf([...(gradients.get(`encoders.${m}.out.weight`) ?? [])].map((g) => g * g)),
      );
      expectClose(traces[m] ?? [], [squares.reduce((a, b) => a + b, 0)], m);
    }
  });
});

describe("growth()", () => {
  it("compares the last ten traces with the ten before the newest", () => {
    expect(growth([])).toBe(1);
    expect(growth([3])).toBe(1);
    expect(growth([3, 1])).toBeCloseTo(1 / 4, 12);
    const traces = Array.from({ length: 12 }, (_, i) => 20 - i);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const [last, before] = [sum(traces.slice(2)), sum(traces.slice(1, 11))];
    expect(growth(traces)).toBeCloseTo((last - before) / last, 12);
  });
});
