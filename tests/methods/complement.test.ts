import { describe, expect, it } from "vitest";
import type { PartConfig } from "../../src/config/part.ts";
import { mla, mlaJoint } from "../../src/methods/index.ts";
import {
  expectClose,
  meanCrossEntropy,
  referenceGradients,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];

/** z_m of all samples by the shared head; null where the modality is missing. */
function logitsOf(tiny: Tiny, now: Values, m: string) {
  const head = now.get("method.head") as Float64Array;
  return tiny.features(now, m).map((h) => {
    if (h === null) return null;
    const x = [...h, 1];
    return Array.from({ length: head.length / x.length }, (_, c) =>
      x.reduce((total, v, k) => total + v * (head[c * x.length + k] as number), 0),
    );
  });
}

describe("complement", () => {
  it.each([0.3, 1])("%d: the first modality's encoder follows the formula", (complement) => {
    const tiny = new Tiny(mla({ complement, variant: "off" }), { modalities: MODALITIES });
    const before = tiny.values();
    const { losses, gradients } = tiny.step();
    const loss = (now: Values, frozen: Values) => {
      const own = logitsOf(tiny, now, "a");
      const others = MODALITIES.slice(1).map((m) => logitsOf(tiny, frozen, m));
      const together = own.map((z, i) =>
        z === null
          ? null
          : z.map((v, c) => others.reduce((total, rows) => total + (rows[i]?.[c] ?? 0), v)),
      );
      return (1 - complement) * meanCrossEntropy(own) + complement * meanCrossEntropy(together);
    };
    expect(losses.modalities.a).toBeCloseTo(loss(before, before), 4);
    for (const [name, want] of referenceGradients(before, loss)) {
      if (name.startsWith("encoders.a"))
        expectClose(gradients.get(name) as Float64Array, want, name);
    }
  });

  it("counts only the samples that have the modality", () => {
    const tiny = new Tiny(mla({ complement: 1, variant: "off" }), { modalities: ["b", "a"] });
    const before = tiny.values();
    const others = logitsOf(tiny, before, "a");
    const together = logitsOf(tiny, before, "b").map((z, i) =>
      z === null ? null : z.map((v, c) => v + (others[i]?.[c] as number)),
    );
    expect(together.filter((row) => row === null)).toHaveLength(1);
    expect(tiny.step().losses.modalities.b).toBeCloseTo(meanCrossEntropy(together), 4);
  });

  it("is an option of mla-joint too, and nothing at 0", () => {
    const moved = (method: PartConfig) => [...new Tiny(method).step().gradients];
    expect(moved(mla({ complement: 0 }))).toEqual(moved(mla()));
    expect(moved(mlaJoint({ complement: 0.5 }))).not.toEqual(moved(mlaJoint()));
  });
});
