import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Adam,
  HeadProjection,
  type HeadProjectionOptions,
  type Optimizer,
  PAPER_HEAD_PROJECTION,
  Sgd,
} from "../../src/optim/index.ts";
import { Random } from "../../src/random.ts";
import { arbitraryAlpha } from "../support/arbitraries.ts";
import { ENGINES } from "../support/engines.ts";
import { build, eigenvalues, matrix, multiply, norm } from "../support/matrix.ts";
import { parameter, setGradient } from "../support/parameters.ts";

const { simd: ENGINE } = ENGINES;
const MODALITIES = ["audio", "image", "text"];
const OPTIMIZERS: Readonly<Record<string, (head: ReturnType<typeof parameter>) => Optimizer>> = {
  "plain SGD": (head) => new Sgd([head], { rate: 0.5, momentum: 0, weightDecay: 0 }),
  "SGD with momentum and decay": (head) =>
    new Sgd([head], { rate: 0.5, momentum: 0.9, weightDecay: 0.01 }),
  Adam: (head) => new Adam([head], { rate: 0.1, weightDecay: 0.01 }),
  AdamW: (head) => new Adam([head], { rate: 0.1, weightDecay: 0.05 }, { decoupled: true }),
};

interface Setup {
  readonly seed: number;
  readonly classes: number;
  readonly width: number;
}
const arbitrarySetup: fc.Arbitrary<Setup> = fc.record({
  seed: fc.nat(1e6),
  classes: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 2, max: 9 }),
});

/** [samples, width] features around a mean of their own; the last column is ones. */
function drawFeatures(random: Random, samples: number, width: number): Float32Array {
  const mean = Array.from({ length: width }, () => random.normal());
  return Float32Array.from({ length: samples * width }, (_, i) =>
    i % width === width - 1 ? 1 : (mean[i % width] as number) + 0.3 * random.normal(),
  );
}

function meanRow(features: Float32Array, width: number): number[] {
  const samples = features.length / width;
  return Array.from({ length: width }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += features[i * width + j] as number;
    return Math.fround(sum / samples);
  });
}

function largestSingularValue(u: ArrayLike<number>, rows: number): number {
  const width = u.length / rows;
  const gram = build(rows, rows, (i, j) => {
    let sum = 0;
    for (let k = 0; k < width; k++)
      sum += (u[i * width + k] as number) * (u[j * width + k] as number);
    return sum;
  });
  return Math.sqrt(eigenvalues(gram)[rows - 1] as number);
}

/**
 * Trains a head on alternating modalities with random gradients. After each step tells how far the outputs on the
 * remembered means moved, and how large the optimizer's own step was.
 */
function alternate(
  { seed, classes, width }: Setup,
  makeOptimizer: (head: ReturnType<typeof parameter>) => Optimizer,
  options: Partial<HeadProjectionOptions>,
  steps = 9,
) {
  const random = new Random(seed);
  const draw = (n: number) => Array.from({ length: n }, () => random.normal());
  const head = parameter(ENGINE, draw(classes * width), undefined, [classes, width]);
  const inner = makeOptimizer(head);
  let own = new Float32Array(0);
  const optimizer: Optimizer = Object.create(inner, {
    updates: {
      value: (rate?: number) => {
        inner.updates(rate);
        own = (ENGINE.gradient(head) as Float32Array).slice();
      },
    },
    apply: { value: () => inner.apply() },
    step: { value: (rate?: number) => inner.step(rate) },
  });
  const projection = new HeadProjection(head, options);
  const remembered = new Map<string, number[]>();
  const records: { moved: number; step: number; scale: number }[] = [];
  for (let n = 0; n < steps; n++) {
    const modality = MODALITIES[n % MODALITIES.length] as string;
    const features = drawFeatures(random, 4, width);
    setGradient(head, draw(classes * width));
    const before = head.toArray();
    ENGINE.scope(() => {
      projection.step(optimizer, modality, ENGINE.tensor(features, [4, width]));
    });
    const after = head.toArray();
    const change = matrix(
      classes,
      width,
      after.map((w, i) => w - (before[i] as number)),
    );
    for (const [name, r] of remembered) {
      if (name === modality) continue;
      records.push({
        moved: norm(multiply(change, matrix(width, 1, r)).data),
        step: largestSingularValue(own, classes),
        scale: (norm(before) + norm(own)) * norm(r),
      });
    }
    remembered.set(modality, meanRow(features, width));
  }
  const weights = [...head.toArray()];
  projection.dispose();
  inner.dispose();
  head.dispose();
  return { records, weights };
}

describe.each(Object.entries(OPTIMIZERS))("a projected step of %s", (_, makeOptimizer) => {
  it("moves the output on every remembered mean by at most |U| sqrt(alpha) / 2", () => {
    fc.assert(
      fc.property(arbitrarySetup, arbitraryAlpha, (setup, alpha) => {
        for (const memory of ["others", "all"] as const) {
          for (const { moved, step, scale } of alternate(setup, makeOptimizer, { alpha, memory })
            .records) {
            expect(moved).toBeLessThanOrEqual((step * Math.sqrt(alpha)) / 2 + 4e-7 * scale);
          }
        }
      }),
      { seed: 11, numRuns: 40 },
    );
  });

  it("moves none of them as alpha goes to 0", () => {
    fc.assert(
      fc.property(arbitrarySetup, (setup) => {
        const { records } = alternate(setup, makeOptimizer, { alpha: 1e-9 });
        for (const { moved, step, scale } of records) {
          expect(moved).toBeLessThanOrEqual(2e-5 * step + 4e-7 * scale);
        }
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});

it("without a projection, with a free bias or a projected gradient under momentum the outputs do move", () => {
  const setup = { seed: 1, classes: 4, width: 8 };
  const momentum = OPTIMIZERS["SGD with momentum and decay"] as (typeof OPTIMIZERS)[string];
  const worst = (options: Partial<HeadProjectionOptions>) =>
    Math.max(
      ...alternate(setup, momentum, { alpha: 1e-9, ...options }).records.map(({ moved }) => moved),
    );
  const kept = worst({});
  expect(kept).toBeLessThan(1e-3);
  expect(worst({ variant: "off" })).toBeGreaterThan(0.5);
  expect(worst({ bias: "free" })).toBeGreaterThan(0.5);
  expect(worst({ project: "gradient" })).toBeGreaterThan(0.5);
  expect(worst({ variant: "authors-code" })).toBeGreaterThan(0.05);
});

it("projects the gradient as well as the step where they are the same: plain SGD", () => {
  fc.assert(
    fc.property(arbitrarySetup, (setup) => {
      const plain = OPTIMIZERS["plain SGD"] as (typeof OPTIMIZERS)[string];
      const [step, gradient] = (["update", "gradient"] as const).map(
        (project) => alternate(setup, plain, { project }).weights,
      );
      step?.forEach((w, i) => {
        expect(Math.abs(w - (gradient?.[i] as number))).toBeLessThan(1e-5);
      });
    }),
    { seed: 13, numRuns: 30 },
  );
});

it("leaves the optimizer alone when it is off", () => {
  const setup = { seed: 4, classes: 3, width: 5 };
  const adam = OPTIMIZERS.Adam as (typeof OPTIMIZERS)[string];
  const [held, whole] = (["update", "gradient"] as const).map(
    (project) => alternate(setup, adam, { variant: "off", project }).weights,
  );
  expect(held).toEqual(whole);
});

it("does not project the first step of all, nor a step by its own features", () => {
  const values = [0.5, -1, 2, 1, 0.25, -0.5];
  const head = parameter(ENGINE, new Float32Array(6), values, [2, 3]);
  const optimizer = new Sgd([head], { rate: 1, momentum: 0, weightDecay: 0 });
  const projection = new HeadProjection(head, { memory: "all" });
  ENGINE.scope(() => projection.step(optimizer, "audio", ENGINE.tensor([3, 2, 1], [1, 3])));
  expect([...head.toArray()]).toEqual(values.map((value) => -value));
  expect(projection.measure("audio").trace).toBeLessThan(0.7);
});

it("measures how far a step moves the head on the other modality, with and without its projection", () => {
  const head = parameter(ENGINE, new Float32Array(6), [1, 0, 0, 2, 0, 0], [2, 3]);
  const projection = new HeadProjection(head, { alpha: 1e-9 });
  projection.measure("text");
  ENGINE.scope(() => projection.remember("audio", ENGINE.tensor([3, 0, 1, 5, 0, 1], [2, 3])));
  projection.project("text");
  const { drift, cosine } = projection.measure("text");
  // U f = [1 * 4, 2 * 4] on the mean feature [4, 0, 1]
  expect(drift.raw).toBeCloseTo(Math.sqrt(80), 5);
  expect(drift.projected).toBeLessThan(1e-4);
  // What is left of [1, 0, 0] beside [4, 0, 1] has the cosine sqrt(1 / 17) with it.
  expect(cosine).toBeCloseTo(Math.sqrt(1 / 17), 4);
  expect(projection.measure("audio").drift).toEqual({ raw: 0, projected: 0 });
});

it("has the paper's choices as a preset", () => {
  const head = parameter(ENGINE, new Float32Array(6), undefined, [2, 3]);
  const { variant, memory, project, bias } = new HeadProjection(head, PAPER_HEAD_PROJECTION)
    .options;
  expect([variant, memory, project, bias]).toEqual(["owm", "all", "gradient", "free"]);
  const defaults = new HeadProjection(head).options;
  expect([defaults.variant, defaults.memory, defaults.project, defaults.bias]).toEqual([
    "owm",
    "others",
    "update",
    "projected",
  ]);
});

it("refuses features and heads of a wrong shape, and unknown options", () => {
  const head = parameter(ENGINE, new Float32Array(6), undefined, [2, 3]);
  const projection = new HeadProjection(head);
  ENGINE.scope(() => {
    expect(() => projection.remember("audio", ENGINE.tensor(0, [4, 2]))).toThrow(
      'head projection: Cannot remember the features of "audio": expected shape [samples, 3], got [4, 2]',
    );
  });
  expect(() => new HeadProjection(parameter(ENGINE, [1, 2]))).toThrow(
    "head projection: Cannot project this parameter: expected shape [classes, width], got [2]",
  );
  expect(() => new HeadProjection(head, { alpha: 0 })).toThrow(
    'head projection: Cannot set option "alpha": expected a number from 1e-9 to 1000000000, got 0',
  );
});
