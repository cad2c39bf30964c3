import { describe, expect, it } from "vitest";
import { mbsd } from "../../src/methods/index.ts";
import {
  addRows,
  CLASSES,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  meanOf,
  type Rows,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const best = (z: readonly number[]) => z.indexOf(Math.max(...z));

/** Mean over the samples that have both of w (|z_a - z_b|^2 / C + pw (log pw - log ps)). */
function lesson(a: Rows, b: Rows): number {
  const terms = LABELS.flatMap((y, i) => {
    const [za, zb] = [a[i], b[i]];
    if (!za || !zb) return [];
    const [pa, pb] = [softmaxOf(za)[y] as number, softmaxOf(zb)[y] as number];
    const w = best(za) === y || best(zb) === y ? Math.abs(pa - pb) : 0;
    const [weak, strong] = [Math.min(pa, pb), Math.max(pa, pb)];
    const distance = za.reduce((sum, v, c) => sum + (v - (zb[c] as number)) ** 2, 0) / CLASSES;
    return [w * (distance + weak * (Math.log(weak) - Math.log(strong)))];
  });
  return meanOf(terms);
}

function partsOf(tiny: Tiny, values: Values): Rows[] {
  return tiny.modalities.map((m) =>
    tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)),
  );
}

describe("mbsd", () => {
  it.each([[["a"]], [["a", "b"]], [["a", "b", "c"]]])(
    "minimises losses and mutual lessons of %j",
    (modalities) => {
      const tiny = new Tiny(mbsd(), { modalities });
      expectStepOf(tiny, (values) => {
        const parts = partsOf(tiny, values);
        const fused = LABELS.map((_, i) => addRows(...parts.map((rows) => rows[i] ?? null)));
        const own = parts.reduce((sum, rows) => sum + meanCrossEntropy(rows), 0);
        const lessons = parts.flatMap((b, j) => parts.slice(0, j).map((a) => lesson(a, b)));
        return meanCrossEntropy(fused) + own + (lessons.length > 0 ? meanOf(lessons) : 0);
      });
    },
  );

  it("has something to teach on this problem", () => {
    const tiny = new Tiny(mbsd());
    const [a, b] = partsOf(tiny, tiny.values());
    expect(Math.abs(lesson(a ?? [], b ?? []))).toBeGreaterThan(1e-3);
  });
});
