import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log } from "../../src/engine/math.ts";
import type { FusedLogits, LabelledModalityLogits } from "../../src/fusion/fusion.ts";
import { fitFusion, restoreFusion } from "../../src/fusion/fusion.ts";
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
import { arbitraryVector } from "../support/arbitraries.ts";

const MODALITIES = ["audio", "image", "text"] as const;
const RUNS = { seed: 31, numRuns: 100 };
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

/** Samples with labels; each lacks some of the modalities but never all, and NaN stands where one is missing. */
const arbitraryData: fc.Arbitrary<LabelledModalityLogits> = fc
  .record({ size: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 2, max: 6 }) })
  .chain(({ size, classes }) =>
    fc.record({
      values: arbitraryVector(MODALITIES.length * size * classes),
      masks: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: size, maxLength: size }),
      labels: fc.array(fc.nat(classes - 1), { minLength: size, maxLength: size }),
      size: fc.constant(size),
      classes: fc.constant(classes),
    }),
  )
  .map(({ values, masks, labels, size, classes }) => {
    const entries = MODALITIES.map((m, j) => {
      const present = Uint8Array.from(masks, (mask) => (mask >> j) & 1);
      const own = Float32Array.from(
        values.slice(j * size * classes, (j + 1) * size * classes),
        (value, at) => (present[Math.floor(at / classes)] === 1 ? 3 * value : Number.NaN),
      );
      return [m, own, present] as const;
    });
    return {
      size,
      classes,
      labels,
      logits: Object.fromEntries(entries.map(([m, own]) => [m, own])),
      present: Object.fromEntries(entries.map(([m, , present]) => [m, present])),
    };
  });

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

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

function reorder<A>(record: Readonly<Record<string, A>>): Record<string, A> {
  return Object.fromEntries(Object.entries(record).reverse());
}

function shareOf({ weights }: FusedLogits, m: string, i: number): number {
  return weights?.[m]?.[i] as number;
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

it("fitted scales are no worse on their own data than no scales, pull included", () => {
  const nll = (data: LabelledModalityLogits, logits: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < data.size; i++) {
      const z = logits.subarray(i * data.classes, (i + 1) * data.classes);
      const total = z.reduce((all, value) => all + exp(value), 0);
      sum += log(total) - (z[data.labels[i] as number] as number);
    }
    return sum / data.size;
  };
  fc.assert(
    fc.property(arbitraryData, (data) => {
      const fitted = fitFusion(scales(), data);
      const before = nll(data, fitFusion(scales()).fuse(data).logits);
      const after = nll(data, fitted.fuse(data).logits);
      expect(after).toBeLessThanOrEqual(before + 1e-4);
      for (const factor of Object.values(fitted.state() as Record<string, number>)) {
        expect(factor).toBeGreaterThan(0);
      }
    }),
    { ...RUNS, numRuns: 30 },
  );
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

it("stacking is where its penalised cost is least", () => {
  const pull = 0.05;
  fc.assert(
    fc.property(arbitraryData, fc.nat(), (data, place) => {
      const fitted = fitFusion(stacking({ pull }), data);
      const best = fitted.state() as Record<string, number[]>;
      const cost = (stack: Record<string, number[]>) => {
        const { logits } = restoreFusion(stacking({ pull }), stack).fuse(data);
        let sum = 0;
        for (let i = 0; i < data.size; i++) {
          const z = logits.subarray(i * data.classes, (i + 1) * data.classes);
          const total = z.reduce((all, value) => all + exp(value), 0);
          sum += log(total) - (z[data.labels[i] as number] as number);
        }
        const far = Object.entries(stack).flatMap(([name, row]) =>
          row.map((value) => (name === "" ? value : value - 1)),
        );
        return sum / data.size + (pull / 2) * far.reduce((all, value) => all + value * value, 0);
      };
      const least = cost(best);
      const names = Object.keys(best);
      const name = names[place % names.length] as string;
      for (const step of [-0.05, 0.05]) {
        const moved = (best[name] as number[]).map((value, c) =>
          c === place % data.classes ? value + step : value,
        );
        expect(cost({ ...best, [name]: moved })).toBeGreaterThan(least - 1e-5);
      }
    }),
    RUNS,
  );
});
