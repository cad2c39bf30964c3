import { describe, expect, it } from "vitest";
import { mmcosine } from "../../src/methods/index.ts";
import {
  addRows,
  CLASSES,
  DIM,
  expectStepOf,
  LABELS,
  meanCrossEntropy,
  Tiny,
} from "../support/tiny-method.ts";

const SCALE = 6;

describe("mmcosine", () => {
  it("minimises the cross entropy of added cosines", () => {
    const tiny = new Tiny(mmcosine({ scale: SCALE }), { modalities: ["a", "b", "c"] });
    expectStepOf(tiny, (values) => {
      const rows = LABELS.map((_, i) =>
        addRows(
          ...tiny.modalities.map((m) => {
            const h = tiny.features(values, m)[i];
            const weight = values.get(`method.${m}.weight`) as Float64Array;
            if (h === null || h === undefined) return null;
            return Array.from({ length: CLASSES }, (_, c) => {
              const w = [...weight.subarray(c * DIM, (c + 1) * DIM)];
              const dot = w.reduce((sum, v, d) => sum + v * (h[d] as number), 0);
              return (SCALE * dot) / (Math.hypot(...w) * Math.hypot(...h));
            });
          }),
        ),
      );
      return meanCrossEntropy(rows);
    });
  });

  it("does not depend on the size of features or weights", () => {
    const plain = new Tiny(mmcosine());
    const large = new Tiny(mmcosine(), {
      start: (name, values) => {
        if (/encoders\.a|method\.b/.test(name))
          for (let i = 0; i < values.length; i++) values[i] = 50 * (values[i] as number);
      },
    });
    expect(large.step().losses.total).toBeCloseTo(plain.step().losses.total, 4);
  });
});
