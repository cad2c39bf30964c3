import { describe, expect, it } from "vitest";
import { concat, modalityValuation } from "../../src/methods/index.ts";
import { repeats } from "../../src/methods/modality-valuation.ts";
import { DIM, LABELS, linear, meanOf, Tiny } from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const ORDERS = [
  ["a", "b", "c"],
  ["a", "c", "b"],
  ["b", "a", "c"],
  ["b", "c", "a"],
  ["c", "a", "b"],
  ["c", "b", "a"],
];

/** Mean gain of modality m over all orders in which modalities may join, on sample i. */
function shapley(tiny: Tiny, m: string, i: number): number {
  const values = tiny.values();
  const h = Object.fromEntries(MODALITIES.map((n) => [n, tiny.features(values, n)[i] ?? null]));
  const value = (names: string[]) => {
    const there = names.filter((n) => h[n] !== null);
    const zero = new Array<number>(DIM).fill(0);
    const x = MODALITIES.flatMap((n) => (there.includes(n) ? [...(h[n] ?? zero)] : zero));
    const z = linear(values, "method.head", x);
    return z.indexOf(Math.max(...z)) === LABELS[i] ? there.length : 0;
  };
  return meanOf(
    ORDERS.map((order) => {
      const before = order.slice(0, order.indexOf(m));
      return value([...before, m]) - value(before);
    }),
  );
}

describe("modality-valuation", () => {
  it("repeats each sample with the modalities alone that help it little", async () => {
    const tiny = new Tiny(modalityValuation({ warmup: 1 }), { modalities: MODALITIES });
    await tiny.startEpoch({ epoch: 0 });
    expect(tiny.plan).toBeUndefined();
    await tiny.startEpoch({ epoch: 1 });
    const want = LABELS.map((_, i) => ({ i, kept: MODALITIES.filter((m) => tiny.inputs(m)[i]) }));
    for (const m of MODALITIES) {
      LABELS.forEach((_, i) => {
        if (tiny.inputs(m)[i] === null) return;
        const count = repeats(shapley(tiny, m, i));
        for (let k = 0; k < count; k++) want.push({ i, kept: [m] });
      });
    }
    expect(want.length).toBeGreaterThan(LABELS.length);
    const data = tiny.plan?.data as NonNullable<typeof tiny.plan>["data"];
    const got = data.ids.map((id, row) => ({
      i: tiny.dataset.ids.indexOf(id),
      kept: MODALITIES.filter((m) => data.modalities[m]?.present?.[row] !== 0),
    }));
    expect(got).toEqual(want);
    expect([...data.labels]).toEqual(want.map(({ i }) => tiny.dataset.labels[i]));
  });

  it("steps as one head on all features does", () => {
    expect(new Tiny(modalityValuation()).step()).toEqual(new Tiny(concat()).step());
  });

  it("repeats more the less a modality helps", () => {
    expect([-0.5, 0, 0.5, 1, 1.5].map(repeats)).toEqual([3, 2, 1, 0, 0]);
  });
});
