import { describe, expect, it } from "vitest";
import { umt } from "../../src/methods/index.ts";
import {
  addRows,
  DIM,
  expectStepOf,
  LABELS,
  linear,
  meanCrossEntropy,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const WEIGHT = 4;

describe("umt", () => {
  it("minimises cross entropy and the distance to the frozen teachers' features", () => {
    for (const modalities of [["a"], ["a", "b", "c"]]) {
      const tiny = new Tiny(umt({ weight: WEIGHT }), { modalities });
      const teacher = tiny.teacher as Values;
      expectStepOf(tiny, (values) => {
        const h = modalities.map((m) => tiny.features(values, m));
        const z = LABELS.map((_, i) =>
          addRows(
            ...modalities.map((m, k) => {
              const own = h[k]?.[i];
              return own ? linear(values, `method.${m}`, own) : null;
            }),
          ),
        );
        const distances = modalities.map((m, k) => {
          const target = tiny.features(teacher, m);
          const there = (h[k] ?? []).flatMap((own, i) =>
            own === null ? [] : [{ own, goal: target[i] ?? [] }],
          );
          const squares = there.reduce(
            (sum, { own, goal }) =>
              sum + own.reduce((s, v, d) => s + (v - (goal[d] as number)) ** 2, 0),
            0,
          );
          return squares / (there.length * DIM);
        });
        return meanCrossEntropy(z) + WEIGHT * distances.reduce((a, b) => a + b, 0);
      });
    }
  });

  it("starts afresh, not from its teachers", () => {
    const tiny = new Tiny(umt());
    expect(tiny.values().get("encoders.a.out.weight")).not.toEqual(
      tiny.teacher?.get("encoders.a.out.weight"),
    );
  });
});
