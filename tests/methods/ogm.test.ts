import { describe, expect, it } from "vitest";
import type { PartConfig } from "../../src/config/part.ts";
import { ogm, ogmGe, sum } from "../../src/methods/index.ts";
import { modulation } from "../../src/methods/ogm.ts";
import { expectClose, LABELS, linear, meanOf, softmaxOf, Tiny } from "../support/tiny-method.ts";

const ALPHA = 0.7;

/** Scores from the formula, in float64. */
function scoresOf(tiny: Tiny): Record<string, number> {
  const values = tiny.values();
  const scores = tiny.modalities.map((m) => {
    const own = tiny
      .features(values, m)
      .flatMap((h, i) =>
        h === null
          ? []
          : [softmaxOf(linear(values, `method.${m}`, h))[LABELS[i] as number] as number],
      );
    return [m, meanOf(own)];
  });
  return Object.fromEntries(scores);
}

function gradientsOf(method: PartConfig, modalities: string[], clock = {}) {
  const tiny = new Tiny(method, { modalities });
  const scores = scoresOf(tiny);
  const { gradients } = tiny.step(clock);
  tiny.dispose();
  return { gradients, scores };
}

describe("ogm", () => {
  it("scales the dominant modality's encoder by exactly 1 - tanh(alpha rho), and nothing else", () => {
    for (const modalities of [
      ["a", "b"],
      ["a", "b", "c"],
    ]) {
      const plain = gradientsOf(sum(), modalities).gradients;
      const { gradients, scores } = gradientsOf(ogm({ alpha: ALPHA }), modalities);
      const total = Object.values(scores).reduce((a, b) => a + b, 0);
      for (const [name, gradient] of gradients) {
        const m = modalities.find((other) => name === `encoders.${other}.out.weight`);
        const rho = m === undefined ? 0 : (scores[m] as number) / (total - (scores[m] as number));
        const factor = rho > 1 ? 1 - Math.tanh(ALPHA * rho) : 1;
        const want = (plain.get(name) as Float64Array).map((g) => factor * g);
        expectClose(gradient, want, name);
      }
    }
  });

  it("holds somebody back with two modalities", () => {
    const { scores } = gradientsOf(ogm({ alpha: ALPHA }), ["a", "b"]);
    const factors = Object.values(modulation(scores, ALPHA));
    expect(factors.filter((factor) => factor < 1)).toHaveLength(1);
  });

  it("leaves all as it is outside its epochs and with one modality", () => {
    const plain = gradientsOf(sum(), ["a", "b"]).gradients;
    const late = gradientsOf(ogm({ alpha: ALPHA, end: 3 }), ["a", "b"], { epoch: 4 });
    expect(late.gradients).toEqual(plain);
    expect(gradientsOf(ogm(), ["a"]).gradients).toEqual(gradientsOf(sum(), ["a"]).gradients);
  });
});

describe("modulation()", () => {
  it("divides by the sum of the others", () => {
    expect(modulation({ a: 0.9, b: 0.2, c: 0.4 }, 1)).toEqual({
      a: expect.closeTo(1 - Math.tanh(0.9 / 0.6), 12),
      b: 1,
      c: 1,
    });
    expect(modulation({ a: 0.5, b: 0.3, c: 0.4 }, 1)).toEqual({ a: 1, b: 1, c: 1 });
  });
});

describe("ogm-ge", () => {
  it("adds seeded noise to the encoders' weights alone", () => {
    const plain = gradientsOf(ogm({ alpha: ALPHA }), ["a", "b"]).gradients;
    const first = gradientsOf(ogmGe({ alpha: ALPHA }), ["a", "b"]).gradients;
    expect(first).toEqual(gradientsOf(ogmGe({ alpha: ALPHA }), ["a", "b"]).gradients);
    for (const [name, gradient] of first) {
      const same = gradient.every((g, i) => g === plain.get(name)?.[i]);
      expect(same, name).toBe(!/encoders\.[ab]\.out\.weight/.test(name));
    }
  });
});
