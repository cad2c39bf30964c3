import type { OptionSpecs, OptionValues } from "../config/options.ts";
import { definePart, type Part, type PartConfig, type PartDefinition } from "../config/part.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Encoder, EncoderInput, InputSpec } from "../encoders/encoder.ts";
import type { Engine } from "../engine/engine.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { Mode } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { Optimizer, StateArrays } from "../optim/index.ts";
import type { EpochPlan, Outputs } from "./epoch.ts";

/** Where training stands. */
export interface Clock extends Mode {
  /** Counted from 0. */
  readonly epoch: number;
  /** Of the whole run. */
  readonly epochs: number;
  /** Position in the epoch, counted from 0. */
  readonly batch: number;
  readonly batchesPerEpoch: number;
  readonly learningRate: number;
}

/** The samples of a batch that have one modality. */
export interface ModalityBatch {
  readonly input: EncoderInput;
  /** How many they are: n. */
  readonly count: number;
  /** i32 [n]: their positions in the batch; null if it is all of them. */
  readonly rows: Tensor | null;
  /** i32 [n] */
  readonly labels: Tensor;
}

export interface TrainingBatch<M extends string> {
  readonly size: number;
  /** [size]: positions in the data of the epoch: the training data, unless its start chose others. */
  readonly indices: Int32Array;
  /** i32 [size] */
  readonly labels: Tensor;
  /** A modality that no sample of the batch has is left out. */
  readonly inputs: { readonly [K in M]?: ModalityBatch };
}

/** Features of the samples that have one modality. */
export interface Features {
  /** [n, dim] */
  readonly values: Tensor;
  /** i32 [n]: positions in the batch; null if it is all of them. */
  readonly rows: Tensor | null;
  /** What they were made of; absent where they were changed or made up. */
  readonly input?: EncoderInput;
}

export type FeatureSet<M extends string> = { readonly [K in M]?: Features };

/** What a method says of features. */
export interface MethodLogits<M extends string> {
  /** [n, classes] of each modality that has logits of its own: a fusion rule combines these. */
  readonly modalities: { readonly [K in M]?: Tensor };
  /** [size, classes] of all modalities together, if the method combines them itself. */
  readonly joint: Tensor | null;
  /** [size, classes] of further voices by name: a fusion rule combines them with the modalities'. */
  readonly experts?: Readonly<Record<string, Tensor>>;
}

/** Mean losses of a step: what was minimised, and each modality's part where it has one. */
export interface StepLosses<M extends string> {
  readonly total: number;
  readonly modalities: { readonly [K in M]?: number };
}

/** The training data, for what a method must see of them between epochs. */
export interface TrainingData<M extends string> {
  readonly size: number;
  readonly dataset: Dataset<M>;
  readonly batchSize: number;
  /** What the network says of samples as it is now, without gradients; of some of them, or with modalities masked. */
  outputs(dataset: Dataset<M>): Outputs<M>;
  /** Visits every sample once, batch by batch in the data's own order, each batch in a scope without gradients. */
  pass(visit: (batch: TrainingBatch<M>) => void): Promise<void>;
}

/** A trained network that no longer changes. Call it within `engine.noGrad`. */
export interface Teacher<M extends string> {
  readonly encoders: Readonly<Record<M, Encoder>>;
  logits(features: FeatureSet<M>, size: number): MethodLogits<M>;
}

/** What a method works with. */
export interface MethodContext<M extends string, O> {
  readonly engine: Engine;
  /** In the order of declaration. */
  readonly modalities: readonly M[];
  readonly encoders: Readonly<Record<M, Encoder>>;
  /** What one sample of each modality looks like. */
  readonly inputs: Readonly<Record<M, InputSpec>>;
  /** The first stage as it was trained, frozen; null in a network that only predicts, or if none is asked for. */
  readonly teacher: Teacher<M> | null;
  /** Number of classes: C. */
  readonly classes: number;
  /** Length of the features: d. */
  readonly dim: number;
  readonly options: O;
  /** Where the method's own parameters belong. */
  readonly parameters: Parameters;
  /** One more encoder as configured for the modality, with its parameters there. */
  encoder(modality: M, parameters: Parameters): Encoder;
  /** An optimizer as configured, saved under `name` with the run. */
  optimizer(name: string, parameters: readonly Tensor[]): Optimizer;
  /** Mean cross entropy as configured (class weights, label smoothing). */
  loss(logits: Tensor, labels: Tensor): Tensor;
  /**
   * Goes backward from the loss, adding to the gradients that are there. Returns the loss.
   *
   * @param part - what the loss is of, for the error message
   * @throws {NonFiniteError} if the loss is not finite; no gradient is written then
   */
  backward(part: string, loss: Tensor): number;
  /** Limits the gradients of each optimizer as configured. */
  clip(...optimizers: readonly Optimizer[]): void;
  /** Clears the gradients of the optimizers, goes {@link backward} from the loss and clips. Returns the loss. */
  descend(part: string, loss: Tensor, ...optimizers: readonly Optimizer[]): number;
}

/** Figures by modality and name. */
export type MethodMeasures = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A method at work on one model. */
export interface MethodInstance<M extends string> {
  /**
   * Called before the first batch of each epoch, also of the first one after a resume. May choose what the epoch goes
   * through; default: the training data, shuffled.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a method that chooses nothing returns nothing
  epochStart?(clock: Clock, data: TrainingData<M>): Promise<EpochPlan<M> | void>;
  /** One batch of training: forward, backward, optimizer steps. Absent: the parts it starts from are all of it. */
  step?(batch: TrainingBatch<M>, clock: Clock): StepLosses<M>;
  /** Logits of a batch of `size` samples. */
  logits(features: FeatureSet<M>, size: number): MethodLogits<M>;
  /** Figures about each modality's last step, for those who watch a training; asking for them changes nothing. */
  measures?(): MethodMeasures;
  /** What must be saved beside parameters and optimizers to go on exactly: plain arrays by name. */
  state?(): StateArrays;
  restore?(state: StateArrays): void;
  dispose?(): void;
}

export interface MethodDefinition<S extends OptionSpecs = OptionSpecs> extends PartDefinition<S> {
  /** Paper or origin. */
  readonly source: string;
  /** How the modalities' logits are combined unless the user says otherwise; null: the method combines them or does not. */
  readonly fusion: PartConfig | null;
  /** True if every modality is trained alone: what the others are measured against. */
  readonly yardstick?: boolean;
  /** True if it is one of the baselines that others are tested against. */
  readonly baseline?: boolean;
  /** What it is a remedy for, where measurements here say so: what `diagnose` advises by. */
  readonly against?: "laziness" | "independence" | "missing modalities";
  /** How many modalities it needs; default: 1. */
  readonly leastModalities?: number;
  /** How many epochs it needs, by the number of modalities; default: 1. */
  readonly leastEpochs?: (modalities: number, options: OptionValues<S>) => number;
  /** A method that is trained first. */
  readonly startsFrom?: AnyMethodDefinition;
  /**
   * What the first stage becomes: the start of this method's parameters, its frozen teacher, or both. Left out: the first
   * stage is all of it, and it takes no epochs of its own.
   */
  readonly firstStage?: "start" | "teacher" | "both";
  build<M extends string>(context: MethodContext<M, OptionValues<S>>): MethodInstance<M>;
}

/** Whether a method takes epochs of its own. */
export function trainsItself({
  startsFrom,
  firstStage,
}: Pick<MethodDefinition, "startsFrom" | "firstStage">): boolean {
  return startsFrom === undefined || firstStage !== undefined;
}

/** Any method's definition, its options forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: build() takes the options that its own specs describe
export type AnyMethodDefinition = MethodDefinition<any>;

/** Declares a method; a name is bound to it by exporting it from methods/index.ts. */
export function defineMethod<const S extends OptionSpecs>(
  definition: MethodDefinition<S>,
): Part<S, MethodDefinition<S>> {
  return definePart("method", definition);
}
