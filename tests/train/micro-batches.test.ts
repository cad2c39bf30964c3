import { describe, expect, it } from "vitest";
import { resnet18, transformer } from "../../src/encoders/index.ts";
import type { EncoderTuning } from "../../src/encoders/tuning.ts";
import { createEngine, type Dataset } from "../../src/index.ts";
import { mla, sum } from "../../src/methods/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { Random } from "../../src/random.ts";
import { train } from "../../src/train/train.ts";

const SIZE = 14;
const SIDE = 16;
const random = new Random(5);
const counts = Array.from({ length: SIZE }, (_, i) => (i === 4 ? 0 : 1 + (i % 5)));
const offsets = Int32Array.from([0, ...counts]).map((_, i) =>
  counts.slice(0, i).reduce((total, count) => total + count, 0),
);
const pictures = {
  kind: "dense" as const,
  shape: [SIDE, SIDE, 1],
  values: Float32Array.from({ length: SIZE * SIDE * SIDE }, () => random.normal()),
};
const DATA: Dataset<"picture" | "words"> = {
  name: "made",
  size: SIZE,
  classes: ["a", "b"],
  modalities: {
    picture: {
      ...pictures,
      present: Uint8Array.from({ length: SIZE }, (_, i) => (i === 2 ? 0 : 1)),
    },
    words: {
      kind: "bag",
      vocabulary: 9,
      ids: Int32Array.from({ length: offsets.at(-1) as number }, (_, i) => (i * 5) % 9),
      offsets,
    },
  },
  labels: Int32Array.from({ length: SIZE }, (_, i) => i % 2),
  ids: Array.from({ length: SIZE }, (_, i) => `sample ${i}`),
};
const blocks = { width: 16, heads: 2, depth: 3 };
const TRANSFORMERS = {
  picture: transformer({ ...blocks, patch: [2, 2] }),
  words: transformer(blocks),
};
const RESNET = { picture: resnet18({ width: 8, stem: "small" }), words: transformer(blocks) };

/** Parameters after two batches of 7, and what the scopes have taken. */
async function trained(
  own: Partial<EncoderTuning>,
  { encoders = TRANSFORMERS as typeof TRANSFORMERS | typeof RESNET, method = mla() } = {},
) {
  const engine = await createEngine();
  const run = train({
    ...{ data: { train: DATA }, encoders, method, engine, dim: 12, batchSize: 7, epochs: 1 },
    optimizer: sgd({ rate: 0.1, momentum: 0 }),
    tuning: { picture: own, words: own },
  });
  for await (const { loss } of run) expect(Number.isFinite(loss.total)).toBe(true);
  const { scopesPeak } = engine.memory();
  return { values: (await run.finish()).parameters(), scopesPeak };
}

function largestGap(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>) {
  expect([...a.keys()]).toEqual([...b.keys()]);
  const gaps = [...a].map(([name, values]) =>
    values.reduce((most, v, i) => Math.max(most, Math.abs(v - (b.get(name)?.[i] as number))), 0),
  );
  return Math.max(...gaps);
}

describe("tuning.recompute", () => {
  it.each([
    ["transformers", TRANSFORMERS, 0.6],
    ["a residual network", RESNET, 0.7],
  ])("of %s: the same bits in less memory", async (_, encoders, part) => {
    const plain = await trained({}, { encoders });
    const again = await trained({ recompute: true }, { encoders });
    expect(again.values).toEqual(plain.values);
    expect(again.scopesPeak).toBeLessThan(part * plain.scopesPeak);
  });
});

describe("tuning.microBatch", () => {
  it.each([
    ["mla", mla()],
    ["sum", sum()],
  ])("with %s: the same step but for rounding, in less memory", async (_, method) => {
    const plain = await trained({}, { method });
    for (const [microBatch, part] of [
      [3, 0.7],
      [1, 0.4],
    ] as const) {
      const few = await trained({ microBatch }, { method });
      const gap = largestGap(few.values, plain.values);
      expect(gap).toBeLessThan(2e-6);
      expect(few.scopesPeak).toBeLessThan(part * plain.scopesPeak);
    }
    expect((await trained({ microBatch: 7 }, { method })).values).toEqual(plain.values);
  });

  it("goes with recompute", async () => {
    const plain = await trained({ microBatch: 3 });
    const both = await trained({ microBatch: 3, recompute: true });
    expect(both.values).toEqual(plain.values);
    expect(both.scopesPeak).toBeLessThan(plain.scopesPeak);
  });

  it("gives batch norm the statistics of a micro-batch, once", async () => {
    const plain = await trained({}, { encoders: RESNET });
    const few = await trained({ microBatch: 4 }, { encoders: RESNET });
    const gap = largestGap(few.values, plain.values);
    expect(gap).toBeGreaterThan(1e-4);
    expect(gap).toBeLessThan(1);
  });
});
