import { describe, expect, it } from "vitest";
import { concat, opm } from "../../src/methods/index.ts";
import { dropRates } from "../../src/methods/opm.ts";
import {
  DIM,
  expectClose,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  referenceGradients,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b"];
const zero = new Array<number>(DIM).fill(0);

/** Logits of the head on the features of these modalities, times a factor. */
function logits(tiny: Tiny, values: Values, names: readonly string[], factor = 1) {
  const h = MODALITIES.map((m) => tiny.features(values, m));
  return LABELS.map((_, i) => {
    const parts = MODALITIES.map((m, k) => (names.includes(m) ? (h[k]?.[i] ?? zero) : zero));
    return linear(
      values,
      "method.head",
      parts.flat().map((x) => factor * x),
    );
  });
}

/** The stronger modality, by the head's part for each. */
function leaderOf(tiny: Tiny, values: Values): string {
  const scores = MODALITIES.map((m) => {
    const z = logits(tiny, values, [m]);
    const held = tiny.inputs(m).flatMap((x, i) => (x === null ? [] : [i]));
    return meanOf(held.map((i) => softmaxOf(z[i] as number[])[LABELS[i] as number] as number));
  });
  return MODALITIES[scores.indexOf(Math.max(...scores))] as string;
}

/** Makes one modality the stronger one. */
const favour = (modality: string) => (name: string, values: Float32Array) => {
  if (name !== "method.head.weight") return;
  values.forEach((w, i) => {
    const own = Math.floor((i % (2 * DIM)) / DIM) === MODALITIES.indexOf(modality);
    values[i] = own ? 0.3 * w : -0.3 * w;
  });
};

describe("opm", () => {
  it("at q = 1 learns from the others alone, doubled, without samples that lost all", () => {
    const leaders = new Set<string>();
    for (const favoured of MODALITIES) {
      const options = { rate: 0.95, strength: 10, chance: 1 };
      const tiny = new Tiny(opm(options), { start: favour(favoured) });
      const before = tiny.values();
      const leader = leaderOf(tiny, before);
      leaders.add(leader);
      const [rest] = MODALITIES.filter((m) => m !== leader) as [string];
      const loss = (values: Values) =>
        meanCrossEntropy(
          logits(tiny, values, [rest], 2).map((z, i) => (tiny.inputs(rest)[i] === null ? null : z)),
        );
      const { losses, gradients } = tiny.step();
      expect(losses.total).toBeCloseTo(loss(before), 4);
      for (const [name, want] of referenceGradients(before, loss)) {
        expectClose(gradients.get(name) as Float64Array, want, name);
      }
    }
    expect(leaders.size).toBe(2);
  });

  it("drops by chance, differently from batch to batch, seeded, and never in a batch left alone", () => {
    const total = (chance: number, batch: number) =>
      new Tiny(opm({ chance, rate: 0.5 })).step({ batch }).losses.total;
    const plain = new Tiny(concat()).step().losses.total;
    const totals = Array.from({ length: 10 }, (_, batch) => total(1, batch));
    expect(new Set(totals).size).toBeGreaterThan(3);
    expect(Array.from(totals, (_, batch) => total(1, batch))).toEqual(totals);
    expect(total(0, 0)).toBe(plain);
  });
});

describe("dropRates()", () => {
  it("follows the formula: only who is ahead of the others together is dropped", () => {
    const rates = dropRates({ a: 0.9, b: 0.2, c: 0.4 }, { rate: 0.4, strength: 0.5 });
    expect(rates.a).toBeCloseTo(0.4 * (1 + 0.5 * Math.tanh(0.9 / 0.6 - 1)), 12);
    expect(rates).toMatchObject({ b: 0, c: 0 });
    expect(dropRates({ a: 1 }, { rate: 0.4, strength: 0.5 })).toEqual({ a: 0 });
    expect(dropRates({ a: 1, b: 0.01 }, { rate: 0.9, strength: 5 })).toEqual({ a: 1, b: 0 });
  });
});
