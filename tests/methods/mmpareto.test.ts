import { describe, expect, it } from "vitest";
import { mmpareto } from "../../src/methods/index.ts";
import {
  DIM,
  expectClose,
  LABELS,
  linear,
  meanCrossEntropy,
  referenceGradients,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const STRENGTH = 1.5;
const dot = (a: Float64Array, b: Float64Array) =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

/** Turns the head of one modality round, so that its two gradients disagree. */
function turn(modality: string) {
  return (name: string, values: Float32Array) => {
    if (name !== "method.head.weight") return;
    const k = MODALITIES.indexOf(modality) * DIM;
    values.forEach((_, i) => {
      const column = i % (DIM * MODALITIES.length);
      if (column >= k && column < k + DIM) values[i] = -2 * (values[i] as number);
    });
  };
}

describe("mmpareto", () => {
  it.each(MODALITIES)(
    "balances the two gradients of each encoder (head of %s turned)",
    (turned) => {
      const tiny = new Tiny(mmpareto({ strength: STRENGTH }), {
        modalities: MODALITIES,
        start: turn(turned),
      });
      const before = tiny.values();
      const features = (values: Values, m: string) => tiny.features(values, m);
      const jointLoss = (values: Values) =>
        meanCrossEntropy(
          LABELS.map((_, i) =>
            linear(
              values,
              "method.head",
              MODALITIES.flatMap((m) => [...(features(values, m)[i] ?? [0, 0])]),
            ),
          ),
        );
      const ownLoss = (values: Values) =>
        MODALITIES.reduce(
          (sum, m) =>
            sum +
            meanCrossEntropy(
              features(values, m).map((h) => h && linear(values, `method.own.${m}`, h)),
            ),
          0,
        );
      const { losses, gradients } = tiny.step();
      expect(losses.total).toBeCloseTo(jointLoss(before) + ownLoss(before), 4);
      const [u, v] = [referenceGradients(before, jointLoss), referenceGradients(before, ownLoss)];
      const encoderNames = (m: string) =>
        [...before.keys()].filter((name) => name.startsWith(`encoders.${m}.`));
      for (const name of before.keys()) {
        if (name.startsWith("encoders.")) continue;
        const want = u.get(name)?.map((x, i) => x + (v.get(name)?.[i] as number)) as Float64Array;
        expectClose(gradients.get(name) as Float64Array, want, name);
      }
      for (const m of MODALITIES) {
        const all = (from: Values) =>
          Float64Array.from(
            encoderNames(m).flatMap((name) => [...(from.get(name) as Float64Array)]),
          );
        const [a, b] = [all(u), all(v)];
        const agree = dot(a, b) > 0;
        const k = agree ? 0.5 : (dot(b, b) - dot(a, b)) / (dot(a, a) + dot(b, b) - 2 * dot(a, b));
        for (const name of encoderNames(m)) {
          const [x, y] = [u.get(name) as Float64Array, v.get(name) as Float64Array];
          const plain = x.map((g, i) => g + (y[i] as number));
          const mixed = x.map((g, i) => 2 * (k * g + (1 - k) * (y[i] as number)));
          const factor =
            STRENGTH * Math.max(1, Math.sqrt(dot(plain, plain)) / Math.sqrt(dot(mixed, mixed)));
          expectClose(
            gradients.get(name) as Float64Array,
            mixed.map((g) => factor * g),
            name,
          );
        }
        if (!agree) disagreements.add(m);
      }
    },
  );

  const disagreements = new Set<string>();
  it("met gradients that disagree above", () => {
    expect(disagreements.size).toBeGreaterThan(0);
  });
});
