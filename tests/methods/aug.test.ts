import { describe, expect, it } from "vitest";
import { aug } from "../../src/methods/index.ts";
import {
  addRows,
  crossEntropyOf,
  expectStepOf,
  LABELS,
  linear,
  meanOf,
  softmaxOf,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const OPTIONS = { width: 4, limit: 3, known: 0.6 };

/** Logits of each layer in use. */
function layers(tiny: Tiny, values: Values, m: string, count: number): number[][][] {
  return Array.from({ length: count + 1 }, (_, j) =>
    tiny.features(values, m).flatMap((h) => {
      if (h === null) return [];
      const hidden = linear(values, `method.layers.${m}.${j}`, h).map((x) => Math.max(0, x));
      return [linear(values, "method.out", hidden)];
    }),
  );
}

const grow = (counts: Readonly<Record<string, number>>) => (name: string, values: Float32Array) => {
  for (const [m, count] of Object.entries(counts)) {
    if (name === `method.layers.${m}.grown`) values.fill(count);
  }
};

describe("aug", () => {
  it.each([0, 1, 3])("minimises the boosting losses with %i layers added", (count) => {
    const tiny = new Tiny(aug(OPTIONS), { modalities: ["a"], start: grow({ a: count }) });
    const meanLoss = (rows: number[][]) =>
      meanOf(rows.map((z, i) => crossEntropyOf(z, LABELS[i] as number)));
    const sumOf = (all: number[][][]) =>
      LABELS.map((_, i) => addRows(...all.map((z) => z[i] ?? null)));
    expectStepOf(tiny, (now, frozen) => {
      const z = layers(tiny, now, "a", count);
      const all = meanLoss(sumOf(z));
      if (count === 0) return all;
      const known = sumOf(layers(tiny, frozen, "a", count).slice(0, -1));
      const last = z.at(-1) as number[][];
      const target = meanOf(
        last.map((row, i) => {
          const y = LABELS[i] as number;
          const p = softmaxOf(known[i] as number[])[y] as number;
          return (1 - OPTIONS.known * p) * crossEntropyOf(row, y);
        }),
      );
      return all + meanLoss(sumOf(z.slice(0, -1))) + target;
    });
  });

  it("gives the weaker modality a layer, up to the limit, where the lead is above the tolerance", async () => {
    const score = (tiny: Tiny, m: string) => {
      const held = LABELS.filter((_, i) => tiny.inputs(m)[i] !== null);
      const [z] = layers(tiny, tiny.values(), m, 0) as [number[][]];
      return meanOf(z.map((row, i) => softmaxOf(row)[held[i] as number] as number));
    };
    const look = async (options: object, counts = {}, epoch = 1) => {
      const tiny = new Tiny(aug({ ...OPTIONS, ...options }), { start: grow(counts) });
      const scores = { a: score(tiny, "a"), b: score(tiny, "b") };
      await tiny.startEpoch({ epoch: 0 });
      tiny.step({ learningRate: 0 });
      await tiny.startEpoch({ epoch });
      const grown = (m: string) => tiny.values().get(`method.layers.${m}.grown`)?.[0];
      return { scores, grown: { a: grown("a"), b: grown("b") } };
    };
    const { scores, grown } = await look({});
    const weaker = scores.a < scores.b ? "a" : "b";
    expect(grown).toEqual({ a: 0, b: 0, [weaker]: 1 });
    expect((await look({ tolerance: 10 })).grown).toEqual({ a: 0, b: 0 });
    expect((await look({ limit: 0 })).grown).toEqual({ a: 0, b: 0 });
    expect((await look({ every: 4 }, {}, 3)).grown).toEqual({ a: 0, b: 0 });
    expect((await look({ every: 4 }, {}, 4)).grown).toEqual(grown);
  });

  it("says what all its layers say", () => {
    const tiny = new Tiny(aug(OPTIONS), { modalities: ["a"], start: grow({ a: 2 }) });
    tiny.withBatch(({ inputs, size }) => {
      const values = tiny.network.encoders.a?.forward(
        inputs.a?.input as never,
        tiny.clock,
      ) as never;
      const found = tiny.network.method.logits({ a: { values, rows: null } }, size).modalities.a;
      const all = layers(tiny, tiny.values(), "a", 2);
      const want = LABELS.flatMap((_, i) => addRows(...all.map((z) => z[i] ?? null)));
      want.forEach((z, i) => {
        expect(found?.view()[i]).toBeCloseTo(z, 4);
      });
    });
  });
});
