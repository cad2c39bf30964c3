/** A method on a problem small enough to be computed again in plain float64: linear encoders, a handful of samples. */
import { expect } from "vitest";
import { configOf, type PartConfig } from "../../src/config/part.ts";
import { batches } from "../../src/data/batches.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { mlp } from "../../src/encoders/index.ts";
import type { EpochPlan } from "../../src/methods/epoch.ts";
import type { Clock, StepLosses, TrainingBatch } from "../../src/methods/method.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { sgd } from "../../src/optim/index.ts";
import { batchTensors } from "../../src/train/batch-tensors.ts";
import { inputSpecs, wordLists } from "../../src/train/model-spec.ts";
import { buildTeacher, Network } from "../../src/train/network.ts";
import { createTrainer } from "../../src/train/trainer.ts";
import { trainingData } from "../../src/train/training-data.ts";
import { ENGINES } from "./engines.ts";

const engine = ENGINES.simd;
export const CLASSES = 3;
export const DIM = 2;
export const LABELS = [0, 2, 1, 2];
const INPUTS: Readonly<Record<string, readonly number[][]>> = {
  a: [
    [1, -0.5, 0.3],
    [0.2, 0.9, -1],
    [-0.7, 0.1, 0.8],
    [0.5, 0.5, -0.4],
  ],
  b: [
    [-0.3, 0.7],
    [1.1, 0.2],
    [0.4, -0.9],
    [-0.6, -0.2],
  ],
  c: [[0.9], [-0.4], [0.6], [-1.2]],
};
/** The sample that lacks "b" where something is missing. */
const LACKING = 1;

/** Parameters by name. */
export type Values = ReadonlyMap<string, Float64Array>;
/** One row per sample; null where the sample lacks the modality. */
export type Rows = readonly (readonly number[] | null)[];

export interface TinyOptions {
  readonly modalities?: readonly string[];
  readonly missing?: boolean;
  readonly clock?: Partial<Clock>;
  /** Largest norm of the gradient; default: no limit. */
  readonly clip?: number;
  /** Changes start values, which otherwise are the network's. */
  readonly start?: (name: string, values: Float32Array) => void;
}

export class Tiny {
  readonly modalities: readonly string[];
  readonly dataset: Dataset;
  readonly network: Network<string>;
  readonly clock: Clock;
  readonly teacher: Values | null = null;
  /** What the method wants to go through, if it said so at the last start of an epoch. */
  plan: EpochPlan<string> | undefined;

  constructor(method: PartConfig, options: TinyOptions = {}) {
    const { modalities = ["a", "b"], missing = true, clock, clip = 0, start } = options;
    this.modalities = modalities;
    const arrays = modalities.map((m) => [
      m,
      (INPUTS[m] as number[][]).map((x, i) => (missing && m === "b" && i === LACKING ? null : x)),
    ]);
    this.dataset = fromArrays({
      modalities: Object.fromEntries(arrays),
      labels: LABELS.map((y) => `class ${y}`),
      classes: Array.from({ length: CLASSES }, (_, c) => `class ${c}`),
    } as never) as unknown as Dataset;
    const spec = {
      classes: this.dataset.classes,
      dim: DIM,
      inputs: inputSpecs(this.dataset),
      words: wordLists(this.dataset),
      encoders: Object.fromEntries(modalities.map((m) => [m, mlp({ hidden: [] })])),
      method,
      fusion: null,
    };
    const training = {
      optimizer: sgd({ momentum: 0, weightDecay: 0 }),
      classWeights: null,
      labelSmoothing: 0,
      clip,
    };
    const definition = METHODS[method.name];
    const first = definition?.firstStage === undefined ? undefined : definition.startsFrom;
    let teacher = null;
    if (first !== undefined) {
      const trained = new Network(engine, { ...spec, method: configOf("method", first) }, 99, null);
      const values = trained.snapshot();
      teacher = buildTeacher(engine, trained.spec, values);
      this.teacher = new Map([...values].map(([name, x]) => [name, Float64Array.from(x)]));
      trained.dispose();
    }
    this.network = new Network(engine, spec, 5, createTrainer(engine, training), teacher);
    for (const [name, tensor] of this.network.parameters.entries()) {
      start?.(name, tensor.view() as Float32Array);
    }
    this.clock = {
      training: true,
      seed: 1,
      epoch: 0,
      epochs: 10,
      batch: 0,
      batchesPerEpoch: 1,
      step: 0,
      learningRate: 1,
      ...clock,
    };
  }

  values(): Values {
    const entries = [...this.network.snapshot()];
    return new Map(entries.map(([name, x]) => [name, Float64Array.from(x)]));
  }

  /** What the loop does before an epoch's first batch. */
  async startEpoch(clock: Partial<Clock> = {}): Promise<void> {
    const data = trainingData(this.network, this.dataset, this.dataset.size, async () => {});
    const plan = await this.network.method.epochStart?.({ ...this.clock, ...clock }, data);
    this.plan = plan ?? undefined;
  }

  withBatch<T>(visit: (batch: TrainingBatch<string>) => T): T {
    const [batch] = batches(this.dataset, { size: this.dataset.size, shuffle: false });
    return engine.scope(() => visit(batchTensors(engine, batch as never)));
  }

  /** One step of SGD with rate 1: the losses and how far each parameter moved against its gradient. */
  step(clock: Partial<Clock> = {}): { losses: StepLosses<string>; gradients: Values } {
    const before = this.values();
    const losses = this.withBatch((batch) =>
      this.network.method.step?.(batch, { ...this.clock, ...clock }),
    ) as StepLosses<string>;
    const after = this.values();
    const moved = [...before].map(
      ([name, x]) => [name, x.map((v, i) => v - (after.get(name)?.[i] as number))] as const,
    );
    return { losses, gradients: new Map(moved) };
  }

  /** Inputs of one modality. */
  inputs(modality: string): Rows {
    const { present } = this.dataset.modalities[modality] as { present?: Uint8Array };
    return (INPUTS[modality] as number[][]).map((x, i) => (present?.[i] === 0 ? null : x));
  }

  /** Features of one modality, in float64. */
  features(values: Values, modality: string): Rows {
    return this.inputs(modality).map((x) => x && linear(values, `encoders.${modality}.out`, x));
  }

  dispose(): void {
    this.network.dispose();
  }
}

/** W x + b of the layer of that name. */
export function linear(values: Values, name: string, x: readonly number[]): number[] {
  const weight = values.get(`${name}.weight`) as Float64Array;
  const bias = values.get(`${name}.bias`);
  return Array.from({ length: weight.length / x.length }, (_, o) =>
    x.reduce((sum, v, i) => sum + v * (weight[o * x.length + i] as number), bias?.[o] ?? 0),
  );
}

export function softmaxOf(z: readonly number[]): number[] {
  const top = Math.max(...z);
  const e = z.map((v) => Math.exp(v - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
}

/** -log softmax(z)_y. */
export function crossEntropyOf(z: readonly number[], label: number): number {
  return -Math.log(softmaxOf(z)[label] as number);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** The rows added up, those that are missing left out. */
export function addRows(...rows: readonly (readonly number[] | null)[]): number[] {
  const there = rows.filter((row) => row !== null);
  return Array.from({ length: there[0]?.length ?? 0 }, (_, c) =>
    there.reduce((sum, row) => sum + (row[c] as number), 0),
  );
}

/** Mean cross entropy over the samples that have logits. */
export function meanCrossEntropy(z: Rows): number {
  return meanOf(
    z.flatMap((row, i) => (row === null ? [] : [crossEntropyOf(row, LABELS[i] as number)])),
  );
}

/** How a loss is computed from the parameters; what takes no gradient is computed from `frozen`. */
export type ReferenceLoss = (now: Values, frozen: Values) => number;

/** Numeric gradients of a loss by central differences in float64. */
export function referenceGradients(values: Values, loss: ReferenceLoss): Values {
  const step = 1e-5;
  const moved = new Map([...values].map(([name, x]) => [name, x.slice()]));
  const entries = [...moved].map(([name, x]) => {
    const gradient = x.map((original, i) => {
      x[i] = original + step;
      const up = loss(moved, values);
      x[i] = original - step;
      const down = loss(moved, values);
      x[i] = original;
      return (up - down) / (2 * step);
    });
    return [name, gradient] as const;
  });
  return new Map(entries);
}

export function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, what: string): void {
  expect(got.length, what).toBe(want.length);
  for (let i = 0; i < want.length; i++)
    expect(got[i], `${what}[${i}]`).toBeCloseTo(want[i] as number, 4);
}

/** A step minimises this loss: its value and the gradient of every parameter agree. */
export function expectStepOf(tiny: Tiny, loss: ReferenceLoss): void {
  const before = tiny.values();
  const { losses, gradients } = tiny.step();
  expect(losses.total).toBeCloseTo(loss(before, before), 4);
  for (const [name, want] of referenceGradients(before, loss)) {
    expectClose(gradients.get(name) as Float64Array, want, name);
  }
}
