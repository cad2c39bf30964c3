import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log } from "../../src/engine/math.ts";
import { fitFusion } from "../../src/fusion/fusion.ts";
import { entropy, meanOfLogits, productOfExperts, qmfEnergy } from "../../src/fusion/index.ts";
import { arbitraryData, MODALITIES, mapValues, RUNS, shareOf } from "./support.ts";

describe("entropy weights", () => {
  it("differ by at most the number of classes at sharpness 1", () => {
    fc.assert(
      fc.property(arbitraryData, fc.integer({ min: 1, max: 100 }), (data, scale) => {
        const scaled = {
          ...data,
          logits: mapValues(data.logits, (own) => own.map((z) => z * scale)),
        };
        const fused = fitFusion(entropy()).fuse(scaled);
        for (let i = 0; i < data.size; i++) {
          const shares = MODALITIES.map((m) => shareOf(fused, m, i)).filter((share) => share > 0);
          const ratio = Math.max(...shares) / Math.min(...shares);
          expect(ratio).toBeLessThanOrEqual(data.classes * (1 + 1e-6));
        }
      }),
      RUNS,
    );
  });

  it("reach that factor: one modality certain, one without a clue", () => {
    for (const classes of [2, 3, 101]) {
      const certain = new Float32Array(classes);
      certain[0] = 1000;
      const all = Uint8Array.of(1);
      const fused = fitFusion(entropy()).fuse({
        size: 1,
        classes,
        logits: { certain, clueless: new Float32Array(classes) },
        present: { certain: all, clueless: all },
      });
      const ratio = shareOf(fused, "certain", 0) / shareOf(fused, "clueless", 0);
      expect(Math.abs(ratio / classes - 1)).toBeLessThan(1e-5);
    }
  });

  it("are softmax of -sharpness times entropy over the modalities that are present", () => {
    fc.assert(
      fc.property(arbitraryData, fc.constantFrom(0, 0.5, 1, 3), (data, sharpness) => {
        const fused = fitFusion(entropy({ sharpness })).fuse(data);
        for (let i = 0; i < data.size; i++) {
          const present = MODALITIES.filter((m) => data.present[m]?.[i] === 1);
          const terms = present.map((m) => {
            const own = data.logits[m] as Float32Array;
            const z = own.slice(i * data.classes, (i + 1) * data.classes);
            const sum = z.reduce((total, value) => total + exp(value), 0);
            const h = z.reduce((total, value) => {
              const p = exp(value) / sum;
              return p > 0 ? total - p * log(p) : total;
            }, 0);
            return exp(-sharpness * h);
          });
          const total = terms.reduce((sum, term) => sum + term, 0);
          present.forEach((m, j) => {
            expect(shareOf(fused, m, i)).toBeCloseTo((terms[j] as number) / total, 5);
          });
        }
      }),
      RUNS,
    );
  });
});

it("energy weights follow the log of the summed exponentials", () => {
  fc.assert(
    fc.property(arbitraryData, (data) => {
      const fused = fitFusion(qmfEnergy()).fuse(data);
      for (let i = 0; i < data.size; i++) {
        const present = MODALITIES.filter((m) => data.present[m]?.[i] === 1);
        const confidences = present.map((m) => {
          const z = (data.logits[m] as Float32Array).slice(
            i * data.classes,
            (i + 1) * data.classes,
          );
          return Math.max(1e-3, log(z.reduce((sum, value) => sum + exp(value), 0)) / 10);
        });
        const total = confidences.reduce((sum, value) => sum + value, 0);
        present.forEach((m, j) => {
          expect(shareOf(fused, m, i)).toBeCloseTo((confidences[j] as number) / total, 5);
        });
      }
    }),
    RUNS,
  );
});

it("product of experts without a prior picks the class that the mean of logits picks", () => {
  fc.assert(
    fc.property(arbitraryData, (data) => {
      const [product, mean] = [productOfExperts(), meanOfLogits()].map((config) =>
        fitFusion(config).fuse(data),
      );
      for (let i = 0; i < data.size; i++) {
        const [from, to] = [i * data.classes, (i + 1) * data.classes];
        const [a, b] = [product?.logits.subarray(from, to), mean?.logits.subarray(from, to)];
        const top = (b as Float32Array).indexOf(Math.max(...(b as Float32Array)));
        expect(Math.max(...(a as Float32Array)) - (a?.[top] as number)).toBeLessThan(1e-4);
      }
    }),
    RUNS,
  );
});
