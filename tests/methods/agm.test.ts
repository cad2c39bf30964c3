import { describe, expect, it } from "vitest";
import { agm, sum } from "../../src/methods/index.ts";
import {
  crossEntropyOf,
  expectClose,
  LABELS,
  linear,
  meanOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const ALPHA = 0.8;

function scoresOf(tiny: Tiny, values: Values): number[] {
  return tiny.modalities.map((m) =>
    meanOf(
      tiny
        .features(values, m)
        .flatMap((h, i) =>
          h === null
            ? []
            : [-crossEntropyOf(linear(values, `method.${m}`, h), LABELS[i] as number)],
        ),
    ),
  );
}

function leadsOf(s: number[]): number[] {
  const count = s.length;
  return s.map((own) => Math.exp((count / (count - 1)) * (own - meanOf(s))));
}

describe("agm", () => {
  it.each([[["a", "b"]], [["a", "b", "c"]]])(
    "scales the encoders of %j by the excess over the usual lead",
    (modalities) => {
      const tiny = new Tiny(agm({ alpha: ALPHA }), { modalities });
      const plain = new Tiny(sum(), { modalities });
      const usual = modalities.map(() => 0);
      for (let batch = 0; batch < 3; batch++) {
        for (const [name, x] of tiny.network.snapshot())
          plain.network.restore(new Map([[name, x]]));
        const scores = scoresOf(tiny, tiny.values());
        const [now, before] = [leadsOf(scores), leadsOf(usual)];
        const want = plain.step({ batch }).gradients;
        const { gradients } = tiny.step({ batch });
        for (const [name, gradient] of gradients) {
          const k = modalities.findIndex((m) => name === `encoders.${m}.out.weight`);
          const excess = k < 0 ? 0 : (before[k] as number) - (now[k] as number);
          expectClose(
            gradient,
            (want.get(name) as Float64Array).map((g) => g * Math.exp(ALPHA * Math.min(excess, 10))),
            name,
          );
          if (k >= 0) expect(excess).not.toBeCloseTo(0, 3);
        }
        scores.forEach((s, k) => {
          usual[k] = ((usual[k] as number) * batch + s) / (batch + 1);
        });
      }
    },
  );

  it("changes nothing with one modality, and brings its means back", () => {
    const tiny = new Tiny(agm(), { modalities: ["a"] });
    expect(tiny.step().gradients).toEqual(new Tiny(sum(), { modalities: ["a"] }).step().gradients);
    const other = new Tiny(agm(), { modalities: ["a"] });
    other.network.method.restore?.(tiny.network.method.state?.() ?? {});
    expect(other.network.method.state?.()).toEqual(tiny.network.method.state?.());
  });
});
