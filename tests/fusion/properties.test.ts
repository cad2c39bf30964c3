import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelledModalityLogits } from "../../src/fusion/fusion.ts";
import { fitFusion } from "../../src/fusion/fusion.ts";
import {
  entropy,
  fixed,
  meanOfLogits,
  meanOfProbabilities,
  productOfExperts,
  qmfEnergy,
  scales,
  stacking,
} from "../../src/fusion/index.ts";
import { FUSIONS } from "../../src/fusion/registry.ts";
import { arbitraryData, MODALITIES, mapValues, RUNS, shareOf } from "./support.ts";

const RULES = {
  entropy: entropy(),
  "entropy, sharp": entropy({ sharpness: 5 }),
  "entropy, calibrated": entropy({ calibrate: true }),
  fixed: fixed({ weights: { audio: 0.35, image: 0.25, text: 0.4 } }),
  "mean-of-logits": meanOfLogits(),
  "mean-of-probabilities": meanOfProbabilities(),
  "product-of-experts": productOfExperts(),
  "qmf-energy": qmfEnergy(),
  scales: scales(),
  stacking: stacking(),
};

/** The samples at the given positions. */
function pick(data: LabelledModalityLogits, positions: readonly number[]): LabelledModalityLogits {
  const { classes } = data;
  return {
    ...data,
    size: positions.length,
    labels: positions.map((i) => data.labels[i] as number),
    logits: mapValues(data.logits, (own) =>
      Float32Array.from(
        positions.flatMap((i) => [...own.subarray(i * classes, (i + 1) * classes)]),
      ),
    ),
    present: mapValues(data.present, (own) => Uint8Array.from(positions, (i) => own[i] as number)),
  };
}

function reorder<A>(record: Readonly<Record<string, A>>): Record<string, A> {
  return Object.fromEntries(Object.entries(record).reverse());
}

it("the rules under test are all there are", () => {
  const names = new Set(Object.values(RULES).map(({ name }) => name));
  expect([...names].sort()).toEqual(Object.keys(FUSIONS).sort());
});

describe.each(Object.entries(RULES))("%s", (_, config) => {
  it("gives a sample the same bits whoever else is in the batch", () => {
    fc.assert(
      fc.property(arbitraryData, (data) => {
        const rule = fitFusion(config, data);
        const together = rule.fuse(data);
        for (let i = 0; i < data.size; i++) {
          const alone = rule.fuse(pick(data, [i]));
          expect(alone.logits).toEqual(
            together.logits.slice(i * data.classes, (i + 1) * data.classes),
          );
          for (const m of MODALITIES) {
            expect(alone.weights?.[m]?.[0]).toBe(together.weights?.[m]?.[i]);
          }
        }
      }),
      RUNS,
    );
  });

  it("does not depend on the order of the modalities", () => {
    fc.assert(
      fc.property(arbitraryData, (data) => {
        const other = { ...data, logits: reorder(data.logits), present: reorder(data.present) };
        const rule = fitFusion(config, data);
        const [got, want] = [rule.fuse(other), rule.fuse(data)];
        want.logits.forEach((value, at) => {
          expect(Math.abs((got.logits[at] as number) - value)).toBeLessThan(1e-5);
        });
        for (const m of MODALITIES) {
          want.weights?.[m]?.forEach((w, i) => {
            expect(shareOf(got, m, i)).toBeCloseTo(w, 6);
          });
        }
      }),
      RUNS,
    );
  });

  it("gives present modalities weights above 0 that sum to 1, missing ones none, and no NaN", () => {
    fc.assert(
      fc.property(arbitraryData, (data) => {
        const fused = fitFusion(config, data).fuse(data);
        expect(fused.logits.every(Number.isFinite)).toBe(true);
        if (fused.weights === null) return;
        for (let i = 0; i < data.size; i++) {
          let sum = 0;
          for (const m of MODALITIES) {
            const share = shareOf(fused, m, i);
            sum += share;
            if (data.present[m]?.[i] === 1) expect(share).toBeGreaterThan(0);
            else expect(share).toBe(0);
          }
          expect(sum).toBeCloseTo(1, 6);
        }
      }),
      RUNS,
    );
  });

  // Stacking may correct a modality by what it says of each class.
  if (config.name === "stacking") return;
  it("picks the class of the only modality that is there", () => {
    fc.assert(
      fc.property(arbitraryData, (data) => {
        const only = { ...data, present: { audio: new Uint8Array(data.size).fill(1) } };
        const logits = mapValues(data.logits, (own) => own.map((z) => (Number.isNaN(z) ? 0 : z)));
        const alone = fitFusion(config, data).fuse({ ...only, logits });
        for (let i = 0; i < data.size; i++) {
          const [from, to] = [i * data.classes, (i + 1) * data.classes];
          const own = (logits.audio as Float32Array).subarray(from, to);
          const top = own.indexOf(Math.max(...own));
          const fused = alone.logits.subarray(from, to);
          expect(Math.max(...fused) - (fused[top] as number)).toBeLessThan(1e-6);
        }
      }),
      RUNS,
    );
  });
});
