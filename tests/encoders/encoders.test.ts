import { describe, expect, it } from "vitest";
import * as encoders from "../../src/encoders/index.ts";
import { planEncoder } from "../../src/encoders/plan.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { EVALUATION } from "../../src/nn/layers.ts";
import { ENGINES } from "../support/engines.ts";
import { ENCODER_CASES, type EncoderCase } from "./encoder.cases.ts";
import { buildCase, drawSamples, inputOf, type RawSample, TRAINING } from "./support.ts";

const LONGEST = 7;
const STEP = 1 / 512;
const CHECKED_PER_TENSOR = 5;

function features(engine: Engine, own: EncoderCase, samples: readonly RawSample[]): number[] {
  const encoder = buildCase(engine, own);
  const values = engine.scope(() => [
    ...encoder.forward(inputOf(engine, own.input, samples), EVALUATION).toArray(),
  ]);
  encoder.parameters.dispose();
  return values;
}

/**
 * Worst error of the gradients of some values of every weight, relative to the largest gradient of its tensor: how far a
 * gradient lies outside of what the differences to both sides say, which part where a relu has its kink between.
 */
function gradientError(engine: Engine, own: EncoderCase, samples: readonly RawSample[]) {
  const encoder = buildCase(engine, own);
  // Batch norm by running statistics: in training its mean over few values leaves no gradient to speak of.
  const forward = () => encoder.forward(inputOf(engine, own.input, samples), EVALUATION);
  const weight = (i: number) => ((i * 7) % 11) / 5 - 1;
  const gradients = engine.scope(() => {
    const y = forward();
    const seed = Float32Array.from({ length: y.size }, (_, i) => weight(i));
    engine.backward(y, engine.tensor(seed, y.shape));
    return encoder.parameters.trained().map((tensor) => engine.gradient(tensor)?.slice());
  });
  const loss = () =>
    engine.scope(() =>
      engine
        .noGrad(() => Float64Array.from(forward().toArray()))
        .reduce((sum, v, i) => sum + v * weight(i), 0),
    );
  const errors = encoder.parameters.trained().map((tensor, t) => {
    const values = tensor.toArray();
    const stride = Math.max(1, Math.floor(tensor.size / CHECKED_PER_TENSOR));
    const gradient = gradients[t] ?? new Float32Array(tensor.size);
    const scale = Math.max(1, ...gradient.map(Math.abs));
    let worst = 0;
    for (let i = 0; i < tensor.size; i += stride) {
      const at = (shift: number) => {
        const moved = values.slice();
        moved[i] = (values[i] as number) + shift;
        tensor.set(moved);
        return loss();
      };
      const here = loss();
      const sides = [(at(STEP) - here) / STEP, (here - at(-STEP)) / STEP];
      const got = gradient[i] as number;
      const outside = Math.max(Math.min(...sides) - got, got - Math.max(...sides));
      worst = Math.max(worst, outside / scale);
      tensor.set(values);
    }
    return worst;
  });
  encoder.parameters.dispose();
  return { worst: Math.max(...errors), tensors: errors.length };
}

it("every encoder has a case", () => {
  const names = Object.values(ENCODER_CASES).map(({ config }) => config.name);
  expect(new Set(names)).toEqual(
    new Set(Object.values(encoders).map(({ definition }) => definition.name)),
  );
});

describe.each(Object.entries(ENCODER_CASES))("%s", (_, own) => {
  const samples = drawSamples(own.input, LONGEST, 6);

  it("ends in the model's length, and simd and scalar give the same bits", () => {
    const values = features(ENGINES.simd, own, samples);
    expect(values).toHaveLength(samples.length * own.dim);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(features(ENGINES.scalar, own, samples)).toEqual(values);
  });

  it("gives a sample the same bits whatever else is in the batch", () => {
    const all = features(ENGINES.simd, own, samples);
    samples.forEach((sample, i) => {
      const alone = features(ENGINES.simd, own, [sample]);
      expect(alone, `sample ${i}`).toEqual(all.slice(i * own.dim, (i + 1) * own.dim));
    });
  });

  it("has the gradients of differences", () => {
    const { worst, tensors } = gradientError(ENGINES.simd, own, samples);
    expect(tensors).toBeGreaterThan(0);
    expect(worst).toBeLessThan(own.tolerance ?? 0.01);
  });

  it("trains every weight", () => {
    const engine = ENGINES.simd;
    const encoder = buildCase(engine, own);
    engine.scope(() => {
      const y = encoder.forward(inputOf(engine, own.input, samples), TRAINING);
      engine.backward(y, engine.tensor(1, y.shape));
      for (const tensor of encoder.parameters.trained()) {
        expect(engine.gradient(tensor)?.some((d) => d !== 0)).toBe(true);
      }
    });
    encoder.parameters.dispose();
  });

  it("costs the operations that it states, and is what is planned", async () => {
    const engine = ENGINES.simd;
    const encoder = buildCase(engine, own);
    const longest = samples.slice(0, 1);
    const profile = await engine.profile(() =>
      engine.scope(() => encoder.forward(inputOf(engine, own.input, longest), EVALUATION)),
    );
    const counted = 1e9 * profile.rows.reduce((sum, { gflop }) => sum + gflop, 0);
    expect(counted / encoder.flops).toBeCloseTo(1, 2);
    const plan = planEncoder("m", own.config, own.input, own.dim);
    expect(plan.flops).toBe(encoder.flops);
    expect(plan.size).toBe(encoder.parameters.weights().reduce((sum, { size }) => sum + size, 0));
    expect([...plan.shapes]).toEqual(
      encoder.parameters.entries().map(([name, { shape }]) => [name, shape]),
    );
    encoder.parameters.dispose();
  });
});
