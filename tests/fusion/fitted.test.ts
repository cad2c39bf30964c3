import fc from "fast-check";
import { expect, it } from "vitest";
import { exp, log } from "../../src/engine/math.ts";
import type { LabelledModalityLogits } from "../../src/fusion/fusion.ts";
import { fitFusion, restoreFusion } from "../../src/fusion/fusion.ts";
import { scales, stacking } from "../../src/fusion/index.ts";
import { arbitraryData, RUNS } from "./support.ts";

/** Mean negative log-likelihood of the labels. */
function nll(data: LabelledModalityLogits, logits: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < data.size; i++) {
    const z = logits.subarray(i * data.classes, (i + 1) * data.classes);
    const total = z.reduce((all, value) => all + exp(value), 0);
    sum += log(total) - (z[data.labels[i] as number] as number);
  }
  return sum / data.size;
}

it("fitted scales are no worse on their own data than no scales, pull included", () => {
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

it("stacking is where its penalised cost is least", () => {
  const pull = 0.05;
  fc.assert(
    fc.property(arbitraryData, fc.nat(), (data, place) => {
      const fitted = fitFusion(stacking({ pull }), data);
      const best = fitted.state() as Record<string, number[]>;
      const cost = (stack: Record<string, number[]>) => {
        const { logits } = restoreFusion(stacking({ pull }), stack).fuse(data);
        const far = Object.entries(stack).flatMap(([name, row]) =>
          row.map((value) => (name === "" ? value : value - 1)),
        );
        return nll(data, logits) + (pull / 2) * far.reduce((all, value) => all + value * value, 0);
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
