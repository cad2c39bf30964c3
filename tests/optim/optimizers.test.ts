import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import {
  Adam,
  OPTIMIZERS,
  type Optimizer,
  type OptimizerDefinition,
  Sgd,
} from "../../src/optim/index.ts";
import { Random } from "../../src/random.ts";
import { ENGINES } from "../support/engines.ts";
import { parameter, setGradient } from "../support/parameters.ts";

interface Case {
  optimizer: string;
  options: Record<string, number | boolean>;
  start: number[][];
  steps: { gradients: (number[] | null)[]; parameters: number[][] }[];
}
type Build = (list: ReturnType<typeof parameter>[]) => Optimizer;

const { cases } = JSON.parse(
  readFileSync(new URL("../fixtures/optimizers.json", import.meta.url), "utf8"),
) as { cases: Record<string, Case> };
const SIZES = [1, 3, 4, 5, 7, 33];
const BUILDERS: Record<string, Build> = {
  "sgd without momentum": (list) => new Sgd(list, { momentum: 0 }),
  "sgd with momentum": (list) => new Sgd(list, { momentum: 0.9 }),
  "sgd nesterov": (list) => new Sgd(list, { momentum: 0.9, nesterov: true }),
  adam: (list) => new Adam(list, { rate: 0.05, weightDecay: 0.1 }),
  adamw: (list) => new Adam(list, { rate: 0.05, weightDecay: 0.1 }, { decoupled: true }),
};

function normals(n: number, random: Random): number[] {
  return Array.from({ length: n }, () => random.normal());
}

/** A run over random gradients; in each step some parameters have none. */
function randomRun(engine: Engine, build: Build) {
  const random = new Random(3, "start");
  const tensors = SIZES.map((n) => parameter(engine, normals(n, random)));
  const optimizer = build(tensors);
  const takeStep = (step: number, how: (optimizer: Optimizer) => void = (o) => o.step()) => {
    const noise = new Random(step, "gradients");
    tensors.forEach((tensor, i) => {
      if ((step + i) % 4 !== 3) setGradient(tensor, normals(tensor.size, noise));
    });
    how(optimizer);
    optimizer.clearGradients();
  };
  const values = () => tensors.map((tensor) => [...tensor.toArray()]);
  return { tensors, optimizer, takeStep, values };
}

describe.each(Object.entries(cases))("%s", (_, { optimizer: name, options, start, steps }) => {
  it("takes PyTorch's steps, and none without a gradient", () => {
    const tensors = start.map((values) => parameter(ENGINES.simd, values));
    const definition = OPTIMIZERS[name] as OptimizerDefinition;
    const defaults = Object.entries(definition.options).map(([key, spec]) => [key, spec.default]);
    const optimizer = definition.create(tensors, { ...Object.fromEntries(defaults), ...options });
    for (const { gradients, parameters } of steps) {
      optimizer.clearGradients();
      tensors.forEach((tensor, i) => {
        const gradient = gradients[i];
        if (gradient) setGradient(tensor, gradient);
      });
      optimizer.step();
      tensors.forEach((tensor, i) => {
        const want = parameters[i] as number[];
        tensor.toArray().forEach((got, j) => {
          expect(Math.abs(got - (want[j] as number))).toBeLessThan(1e-6);
        });
      });
    }
  });
});

describe.each(Object.entries(BUILDERS))("%s", (_, build) => {
  it("gives the same bits in both builds", () => {
    const runs = Object.values(ENGINES).map((engine) => {
      const run = randomRun(engine, build);
      for (let step = 0; step < 9; step++) run.takeStep(step);
      return run.values();
    });
    expect(runs[1]).toEqual(runs[0]);
  });

  it("gives the same bits when the step is held back and applied", () => {
    const whole = randomRun(ENGINES.simd, build);
    const held = randomRun(ENGINES.simd, build);
    for (let step = 0; step < 9; step++) {
      whole.takeStep(step);
      held.takeStep(step, (optimizer) => {
        const before = held.values();
        optimizer.updates();
        expect(held.values()).toEqual(before);
        optimizer.apply();
      });
    }
    expect(held.values()).toEqual(whole.values());
  });

  it("goes on with the same bits after saving and loading", () => {
    const first = randomRun(ENGINES.simd, build);
    for (let step = 0; step < 5; step++) first.takeStep(step);
    const second = randomRun(ENGINES.simd, build);
    second.tensors.forEach((tensor, i) => {
      tensor.set(first.values()[i] as number[]);
    });
    second.optimizer.load(structuredClone(first.optimizer.state()));
    for (let step = 5; step < 11; step++) {
      first.takeStep(step);
      second.takeStep(step);
    }
    expect(second.values()).toEqual(first.values());
    expect(second.optimizer.state()).toEqual(first.optimizer.state());
  });

  it("gives all memory back", () => {
    const before = ENGINES.simd.memory().persistent;
    const { tensors, optimizer } = randomRun(ENGINES.simd, build);
    for (const tensor of tensors) tensor.dispose();
    optimizer.dispose();
    optimizer.dispose();
    expect(ENGINES.simd.memory().persistent).toBe(before);
  });
});

it("refuses bad options and foreign states", () => {
  const tensor = parameter(ENGINES.simd, [1, 2]);
  expect(() => new Sgd([tensor], { momentum: 2 })).toThrow(
    'sgd: Cannot set option "momentum": expected a number from 0 to 1, got 2',
  );
  expect(() => new Sgd([tensor], { momentum: 0, nesterov: true })).toThrow(
    'sgd: Cannot set option "nesterov": expected a momentum above 0, got 0',
  );
  expect(() =>
    new Adam([tensor]).load({ steps: new Int32Array(1), mean: new Float32Array(3) }),
  ).toThrow('state: Cannot load "mean": expected 2 values, got 3');
});

it("loads any count of steps at once, and refuses what is none", () => {
  const tensor = parameter(ENGINES.simd, [1, 2]);
  const optimizer = new Adam([tensor]);
  const before = optimizer.state();
  // As many loop turns would take seconds.
  optimizer.load({ ...before, steps: Int32Array.of(2 ** 31 - 1) });
  expect([...optimizer.parameters.steps()]).toEqual([2 ** 31 - 1]);
  setGradient(tensor, [1, 1]);
  optimizer.step();
  expect(tensor.toArray().every(Number.isFinite)).toBe(true);
  for (const steps of [Int32Array.of(-1), Float32Array.of(1.5), Float32Array.of(Number.NaN)]) {
    expect(() => optimizer.load({ ...before, steps })).toThrow("expected whole numbers >= 0");
  }
});
