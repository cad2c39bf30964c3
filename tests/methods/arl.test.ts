import { describe, expect, it } from "vitest";
import { asymmetry } from "../../src/methods/arl.ts";
import { arl } from "../../src/methods/index.ts";
import {
  addRows,
  expectClose,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  referenceGradients,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const TEMPERATURE = 5;
const GAMMA = 3;

function ownLogits(tiny: Tiny, values: Values): Rows[] {
  return tiny.modalities.map((m) =>
    tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)),
  );
}

/** softmax_m(T (1 - c_m) v_m), straight from the formula. */
function weightsOf(parts: Rows[], floor: number): number[] {
  const rows = parts.map((part) => part.filter((row) => row !== null));
  const entropies = rows.map((part) =>
    meanOf(part.map((z) => softmaxOf(z).reduce((h, p) => h - p * Math.log(p), 0))),
  );
  const sizes = rows.map((part) => meanOf(part.flatMap((z) => z.map(Math.abs))));
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const inverse = entropies.map((h) => 1 / Math.max(h / sum(entropies), floor / parts.length));
  return softmaxOf(
    sizes.map(
      (size, k) => (TEMPERATURE * (1 - size / sum(sizes)) * (inverse[k] as number)) / sum(inverse),
    ),
  );
}

describe("arl", () => {
  const run = (epoch: number, modalities = MODALITIES) => {
    const options = { gamma: GAMMA, temperature: TEMPERATURE, floor: 0.6, warmup: 2 };
    const tiny = new Tiny(arl(options), { modalities });
    const before = tiny.values();
    const { losses, gradients } = tiny.step({ epoch });
    return { tiny, before, losses, gradients };
  };

  it.each([
    ["in the warm-up", 1, 1],
    ["after it", 2, GAMMA],
  ])("follows joint and own losses, its encoders weighted, %s", (_, epoch, gamma) => {
    const { tiny, before, losses, gradients } = run(epoch);
    const loss = (values: Values) => {
      const parts = ownLogits(tiny, values);
      const joint = [...tiny.dataset.labels].map((_, i) =>
        addRows(...parts.map((rows) => rows[i] ?? null)),
      );
      return (
        meanCrossEntropy(joint) + gamma * parts.reduce((sum, z) => sum + meanCrossEntropy(z), 0)
      );
    };
    const weights = gamma === 1 ? [1 / 3, 1 / 3, 1 / 3] : weightsOf(ownLogits(tiny, before), 0.6);
    expect(losses.total).toBeCloseTo(loss(before), 4);
    for (const [name, gradient] of referenceGradients(before, loss)) {
      const k = MODALITIES.findIndex((m) => name.startsWith(`encoders.${m}.`));
      const factor = k < 0 ? 1 : 1 + (weights[k] as number);
      const want = gradient.map((g) => factor * g);
      expectClose(gradients.get(name) as Float64Array, want, name);
    }
  });

  it("gives the encoder of the less sure modality more", () => {
    const measures = { sure: { entropy: 0.2, size: 3 }, unsure: { entropy: 1, size: 1 } };
    const [[, sure], [, unsure]] = asymmetry(measures, 8, 0.6) as [
      [string, number],
      [string, number],
    ];
    expect(sure + unsure).toBeCloseTo(1, 12);
    expect(unsure).toBeGreaterThan(sure);
    expect(asymmetry(measures, 0, 0.6).map(([, w]) => w)).toEqual([0.5, 0.5]);
  });
});
