import { describe, expect, it } from "vitest";
import { qmf } from "../../src/methods/index.ts";
import {
  addRows,
  crossEntropyOf,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const WEIGHT = 3;
const confidenceOf = (z: readonly number[]) =>
  Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) / 10;

function logitsOf(tiny: Tiny, values: Values, m: string): Rows {
  return tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h));
}

/** Confidences and losses far enough apart that rank losses act. */
function tinyQmf(rankWeight = WEIGHT): Tiny {
  return new Tiny(qmf({ rankWeight }), {
    start: (name, values) => {
      if (/method\..\.weight/.test(name))
        for (let i = 0; i < values.length; i++) values[i] = 12 * (values[i] as number);
    },
  });
}

describe("qmf", () => {
  it("minimises fused and own cross entropies and the rank losses", async () => {
    const tiny = tinyQmf();
    await tiny.startEpoch();
    let active = 0;
    expectStepOf(tiny, (now, frozen) => {
      const z = tiny.modalities.map((m) => logitsOf(tiny, now, m));
      const fixed = tiny.modalities.map((m) => logitsOf(tiny, frozen, m));
      const fused = LABELS.map((_, i) =>
        addRows(
          ...z.map((rows, k) => {
            const conf = confidenceOf(fixed[k]?.[i] ?? []);
            return rows[i]?.map((v) => v * conf) ?? null;
          }),
        ),
      );
      const ranks = z.map((rows, k) => {
        const have = [...LABELS.keys()].filter((i) => rows[i] !== null);
        // The first step: each sample's losses so far are this step's, 0 for one that lacks the modality.
        const sums = LABELS.map((y, i) => {
          const row = fixed[k]?.[i];
          return row ? crossEntropyOf(row, y) : 0;
        });
        const [low, high] = [Math.min(...sums), Math.max(...sums)];
        const l = sums.map((sum) => (sum - low) / (high - low));
        return meanOf(
          have.map((i, at) => {
            const j = have[(at + 1) % have.length] as number;
            const gap = (l[i] as number) - (l[j] as number);
            const ahead = confidenceOf(rows[i] as number[]) - confidenceOf(rows[j] as number[]);
            const loss = Math.max(0, Math.sign(gap) * ahead - Math.abs(gap));
            if (loss > 0) active++;
            return loss;
          }),
        );
      });
      const own = z.reduce((sum, rows) => sum + meanCrossEntropy(rows), 0);
      return meanCrossEntropy(fused) + own + WEIGHT * ranks.reduce((a, b) => a + b, 0);
    });
    expect(active).toBeGreaterThan(0);
  });

  it("adds a sample's losses up over the epochs and keeps them in its state", async () => {
    const tiny = tinyQmf(0);
    await tiny.startEpoch();
    tiny.step({ learningRate: 0 });
    const { a: first } = tiny.network.method.state?.() ?? {};
    const once = [...(first as Float32Array)];
    await tiny.startEpoch({ epoch: 1 });
    tiny.step({ learningRate: 0, epoch: 1 });
    const state = tiny.network.method.state?.() ?? {};
    [...(state.a as Float32Array)].forEach((sum, i) => {
      expect(sum).toBeCloseTo(2 * (once[i] as number), 4);
    });
    expect((state.b as Float32Array)[1]).toBe(0);
    const other = tinyQmf(0);
    other.network.method.restore?.(state);
    await other.startEpoch({ epoch: 2 });
    expect(other.network.method.state?.()).toEqual(state);
  });
});
