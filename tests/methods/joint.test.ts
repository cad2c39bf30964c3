import { describe, expect, it } from "vitest";
import { arl, concat, film, gated, mmpareto, ogm, sum } from "../../src/methods/index.ts";
import {
  addRows,
  DIM,
  expectClose,
  expectStepOf,
  linear,
  meanCrossEntropy,
  type Rows,
  Tiny,
  type Values,
} from "../support/tiny-method.ts";

const MODALITIES = ["a", "b", "c"];
const zero = new Array<number>(DIM).fill(0);

/** z = sum of the modalities' own logits. */
function summed(tiny: Tiny, values: Values): Rows {
  const parts = tiny.modalities.map((m) =>
    tiny.features(values, m).map((h) => h && linear(values, `method.${m}`, h)),
  );
  return [...tiny.dataset.labels].map((_, i) => addRows(...parts.map((rows) => rows[i] ?? null)));
}

/** z = sum over pairs i < j of `pair` on features, zeros where missing. */
function pairwise(
  tiny: Tiny,
  values: Values,
  pair: (name: string, first: number[], second: number[]) => number[],
): Rows {
  const h = tiny.modalities.map((m) => tiny.features(values, m).map((x) => [...(x ?? zero)]));
  return [...tiny.dataset.labels].map((_, i) => {
    const parts: number[][] = [];
    tiny.modalities.forEach((second, j) => {
      tiny.modalities.slice(0, j).forEach((first, k) => {
        parts.push(pair(`method.${first}-${second}`, h[k]?.[i] ?? zero, h[j]?.[i] ?? zero));
      });
    });
    return addRows(...parts);
  });
}

describe("sum", () => {
  it("minimises the cross entropy of the added logits", () => {
    const tiny = new Tiny(sum(), { modalities: MODALITIES });
    expectStepOf(tiny, (values) => meanCrossEntropy(summed(tiny, values)));
  });
});

describe("concat", () => {
  it("minimises the cross entropy of one head on all features", () => {
    const tiny = new Tiny(concat(), { modalities: MODALITIES });
    expectStepOf(tiny, (values) => {
      const h = MODALITIES.map((m) => tiny.features(values, m));
      const rows = [...tiny.dataset.labels].map((_, i) =>
        linear(
          values,
          "method.head",
          h.flatMap((x) => [...(x[i] ?? zero)]),
        ),
      );
      return meanCrossEntropy(rows);
    });
  });
});

describe("film", () => {
  const reference = (tiny: Tiny) => (values: Values) =>
    meanCrossEntropy(
      pairwise(tiny, values, (name, first, second) => {
        const both = linear(values, `${name}.modulation`, first);
        const mixed = second.map((x, k) => (both[k] as number) * x + (both[DIM + k] as number));
        return linear(values, `${name}.head`, mixed);
      }),
    );

  it("scales and shifts the second modality of each pair by the first", () => {
    for (const modalities of [["a", "b"], MODALITIES]) {
      const tiny = new Tiny(film(), { modalities });
      expectStepOf(tiny, reference(tiny));
    }
  });
});

describe("gated", () => {
  it("gates the second modality of each pair by the first", () => {
    for (const modalities of [["a", "b"], MODALITIES]) {
      const tiny = new Tiny(gated(), { modalities });
      expectStepOf(tiny, (values) =>
        meanCrossEntropy(
          pairwise(tiny, values, (name, first, second) => {
            const gate = linear(values, `${name}.gate`, first);
            const value = linear(values, `${name}.value`, second);
            const mixed = value.map((x, k) => x / (1 + Math.exp(-(gate[k] as number))));
            return linear(values, `${name}.head`, mixed);
          }),
        ),
      );
    }
  });
});

describe("imputation of inputs", () => {
  it("puts the features of a blank input where a modality is missing, in training and in use", () => {
    const tiny = new Tiny(sum({ imputation: "inputs" }));
    const logits = (values: Values): Rows => {
      const blank = linear(values, "encoders.b.out", [0, 0]);
      return [...tiny.dataset.labels].map((_, i) => {
        const a = tiny.features(values, "a")[i] as number[];
        const b = tiny.features(values, "b")[i] ?? blank;
        return addRows(linear(values, "method.a", a), linear(values, "method.b", b));
      });
    };
    tiny.withBatch((batch) => {
      const { encoders, method } = tiny.network;
      const values = encoders.a?.forward(batch.inputs.a?.input as never, tiny.clock);
      const got = method.logits({ a: { values: values as never, rows: null } }, batch.size).joint;
      const blank = linear(tiny.values(), "encoders.b.out", [0, 0]);
      const features = tiny.features(tiny.values(), "a");
      const want = features.flatMap((a) =>
        addRows(
          linear(tiny.values(), "method.a", a as number[]),
          linear(tiny.values(), "method.b", blank),
        ),
      );
      want.forEach((z, i) => {
        expect(got?.view()[i]).toBeCloseTo(z, 5);
      });
    });
    expectStepOf(tiny, (values) => meanCrossEntropy(logits(values)));
  });
});

describe("modality dropout", () => {
  it("changes from batch to batch and is seeded", () => {
    const total = (batch: number, seed = 1) => {
      const tiny = new Tiny(sum({ modalityDropout: 0.4 }), { missing: false });
      const { losses } = tiny.step({ batch, seed });
      tiny.dispose();
      return losses.total;
    };
    const totals = Array.from({ length: 12 }, (_, batch) => total(batch));
    expect(new Set(totals).size).toBeGreaterThan(6);
    expect(Array.from(totals, (_, batch) => total(batch))).toEqual(totals);
    expect(Array.from(totals, (_, batch) => total(batch, 2))).not.toEqual(totals);
  });

  it("does nothing in use", () => {
    const logits = (modalityDropout: number) => {
      const tiny = new Tiny(sum({ modalityDropout }), { missing: false });
      return tiny.withBatch((batch) => {
        const { encoders, method } = tiny.network;
        const values = encoders.a?.forward(batch.inputs.a?.input as never, tiny.clock);
        const found = method.logits({ a: { values: values as never, rows: null } }, batch.size);
        return [...(found.joint?.toArray() ?? [])];
      });
    };
    expect(logits(0.9)).toEqual(logits(0));
  });
});

describe("a limit on the gradient's norm", () => {
  it("comes after what a method does to gradients", () => {
    for (const method of [arl({ warmup: 0 }), mmpareto(), ogm({ alpha: 1 })]) {
      const [free, limited] = [new Tiny(method), new Tiny(method, { clip: 0.05 })].map((tiny) =>
        [...tiny.step().gradients.values()].flatMap((gradient) => [...gradient]),
      ) as [number[], number[]];
      const norm = Math.sqrt(free.reduce((sum, g) => sum + g * g, 0));
      expect(norm).toBeGreaterThan(0.05);
      expectClose(
        limited,
        free.map((g) => (0.05 / norm) * g),
        method.name,
      );
    }
  });
});
