import { describe, expect, it } from "vitest";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { clusterPurity } from "../../src/methods/clusters.ts";
import { holdOut } from "../../src/methods/hold-out.ts";
import { concat, relearning } from "../../src/methods/index.ts";
import type { Clock } from "../../src/methods/method.ts";
import { Random } from "../../src/random.ts";
import { inputSpecs } from "../../src/train/model-spec.ts";
import { Network } from "../../src/train/network.ts";
import { outputsOf } from "../../src/train/outputs.ts";
import { trainingData } from "../../src/train/training-data.ts";
import { ENGINES } from "../support/engines.ts";
import { Tiny } from "../support/tiny-method.ts";

const SEED = 3;
const { train: dataset } = await createSynthetic({
  classes: 3,
  sizes: { train: 90, validation: 3, test: 3 },
  modalities: {
    clear: { kind: "linear", features: 6, signal: 1 },
    vague: { kind: "linear", features: 4, signal: 0.3 },
  },
});

/** A network whose encoders have left their start, and what happens to it at the start of an epoch. */
async function diagnose(epoch: number, options = {}) {
  const network = new Network(
    ENGINES.simd,
    {
      classes: dataset.classes,
      dim: 4,
      inputs: inputSpecs(dataset),
      words: {},
      encoders: { clear: mlp({ hidden: [] }), vague: mlp({ hidden: [] }) },
      method: relearning({ holdOut: 0.2, every: 2, times: 2, sensitivity: 2, ...options }),
      fusion: null,
    },
    SEED,
    null,
  );
  const start = network.snapshot();
  const random = new Random(1, "moved");
  for (const tensor of network.parameters.trained()) {
    tensor.set(tensor.toArray().map((x) => x + random.normal()));
  }
  const moved = network.snapshot();
  const { rest, held } = holdOut(dataset, 0.2, SEED);
  const [trained, unseen] = [outputsOf(network, rest), outputsOf(network, held)];
  const purity = ({ features, size }: typeof trained, m: "clear" | "vague", labels: Int32Array) =>
    clusterPurity(
      Array.from({ length: size }, (_, i) => features[m].subarray(4 * i, 4 * i + 4)),
      [...labels],
      3,
      SEED,
    );
  const gap = (m: "clear" | "vague") =>
    Math.abs(purity(trained, m, rest.labels) - purity(unseen, m, held.labels));
  const gaps = { clear: gap("clear"), vague: gap("vague") };
  const data = trainingData(network, dataset, 16, async () => {});
  const plan = await network.method.epochStart?.({ epoch, seed: SEED } as Clock, data);
  const after = network.snapshot();
  network.dispose();
  return { start, moved, after, gaps, plan, rest };
}

describe("relearning", () => {
  it("moves each encoder towards its start as far as its features overfit", async () => {
    const { start, moved, after, gaps } = await diagnose(2);
    expect(Math.max(gaps.clear, gaps.vague)).toBeGreaterThan(0);
    for (const [name, values] of after) {
      const m = name.startsWith("encoders.clear") ? "clear" : "vague";
      const weight = name.startsWith("encoders") ? Math.tanh(2 * gaps[m]) : 0;
      values.forEach((value, i) => {
        const [from, now] = [start.get(name)?.[i] as number, moved.get(name)?.[i] as number];
        expect(value).toBeCloseTo(weight * from + (1 - weight) * now, 5);
      });
    }
  });

  it("does so every so many epochs and so often, and always trains without the slice", async () => {
    for (const epoch of [0, 1, 3, 6]) {
      const { moved, after, plan, rest } = await diagnose(epoch);
      expect(after).toEqual(moved);
      expect((plan as { data: typeof rest }).data.ids).toEqual(rest.ids);
    }
    const { moved, after } = await diagnose(4);
    expect(after).not.toEqual(moved);
  });

  it("steps as one head on all features does", () => {
    expect(new Tiny(relearning()).step()).toEqual(new Tiny(concat()).step());
  });
});

describe("clusterPurity()", () => {
  const random = new Random(5, "points");
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const rows = (distance: number) =>
    labels.map((y) =>
      Float32Array.from({ length: 3 }, (_, k) => (k === y ? distance : 0) + 0.1 * random.normal()),
    );

  it("is 1 for classes that lie apart and low for classes that do not", () => {
    expect(clusterPurity(rows(5), labels, 3, 1)).toBe(1);
    expect(clusterPurity(rows(0), labels, 3, 1)).toBeLessThan(0.6);
  });

  it("takes every feature to the same range", () => {
    const scaled = rows(5).map((row) => row.map((x, k) => (k === 0 ? 1e4 * x : x)));
    expect(clusterPurity(scaled, labels, 3, 1)).toBe(1);
  });

  it("depends on the seed alone", () => {
    const vague = rows(0.2);
    expect(clusterPurity(vague, labels, 3, 2)).toBe(clusterPurity(vague, labels, 3, 2));
  });

  it("takes fewer samples than classes, and equal ones", () => {
    expect(clusterPurity([Float32Array.of(1)], [2], 3, 1)).toBe(1);
    const same = [Float32Array.of(1), Float32Array.of(1), Float32Array.of(1)];
    expect(clusterPurity(same, [0, 0, 1], 3, 1)).toBeCloseTo(2 / 3, 12);
  });
});
