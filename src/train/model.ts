import type { AnyPart } from "../config/part.ts";
import type { Dataset } from "../data/dataset.ts";
import { arraysOfOne, type FromArraysLike, fromArraysLike } from "../data/from-arrays.ts";
import type { ModalityInput } from "../data/modality-input.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { UseAfterFreeError } from "../engine/errors.ts";
import type { FittedFusion } from "../fusion/fusion.ts";
import type { Outputs } from "../methods/epoch.ts";
import type { FusedOutputs } from "./fuse-outputs.ts";
import { readModel, writeModel } from "./model-file.ts";
import { checkForms, type ModelSpec } from "./model-spec.ts";
import type { Network } from "./network.ts";
import { openNetwork, readable } from "./open-network.ts";
import { outputsOf } from "./outputs.ts";
import { emptyDataset, fuseAll, type Prediction, predictionsOf, type Sample } from "./predict.ts";

export type { Prediction, Sample } from "./predict.ts";

/** All that a model is, apart from the engine that it lives in. */
export interface ModelState<M extends string> {
  readonly spec: ModelSpec<M>;
  /** Every parameter and buffer by name. */
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly fusion: FittedFusion | null;
}

/** A trained classifier: predicts with any of its modalities missing, saves to one file. */
export class Model<M extends string> {
  #network: Network<M>;
  #fusion: FittedFusion | null;
  #like: Dataset<M>;
  #alive = true;

  constructor(network: Network<M>, fusion: FittedFusion | null) {
    this.#network = network;
    this.#fusion = fusion;
    this.#like = emptyDataset(network.spec);
  }

  get spec(): ModelSpec<M> {
    return this.#network.spec;
  }

  get engine(): Engine {
    return this.#live().engine;
  }

  /** What computes: encoders, method and their parameters, for parts that are built upon models. */
  get network(): Network<M> {
    return this.#live();
  }

  /** The fitted fusion rule; null if the method combines the modalities itself, or not at all. */
  get fusion(): FittedFusion | null {
    return this.#fusion;
  }

  /** Number of trained values. */
  get size(): number {
    return this.#live().size;
  }

  /** Floating-point operations per sample of one forward pass over every modality. */
  get flops(): number {
    return this.#live().flops;
  }

  /** As {@link flops}, of the parts that were trained: without those that were taken over and stay as they are. */
  get trainedFlops(): number {
    return this.#live().trainedFlops;
  }

  /**
   * Predicts one sample from the modalities that it has.
   *
   * @throws {DataError} if no modality is present, one is unknown, or a value has the wrong shape or is not finite
   */
  predict(sample: Sample<M>): Prediction<M> {
    return this.predictAll(arraysOfOne<M>(sample))[0] as Prediction<M>;
  }

  /** As {@link predict}, for many samples: one array per modality, in the form that `fromArrays` takes. */
  predictAll(modalities: { readonly [K in M]?: ModalityInput }): Prediction<M>[] {
    const { modalities: names } = this.#live();
    const dataset = this.read({ modalities });
    const fused = this.fused(dataset);
    return predictionsOf(names, this.spec.classes, fused, dataset.size);
  }

  /** Logits and features of every sample of a dataset, per modality and together. @throws {DataError} if it has another form */
  outputs(dataset: Dataset<M>): Outputs<M> {
    checkForms("model", "these data", this.spec.inputs, dataset);
    return outputsOf(this.#live(), dataset);
  }

  /**
   * Logits of every sample of a dataset from all modalities that it has, and each modality's weight.
   *
   * @throws {DataError} if the data have another form, or neither method nor fusion rule combines the modalities
   */
  fused(dataset: Dataset<M>): FusedOutputs {
    return fuseAll(this.outputs(dataset), this.#fusion, this.spec);
  }

  /**
   * A dataset in the model's form from one array per modality, as `fromArrays` takes them.
   *
   * @throws {DataError} if a modality or a label is unknown, or a value has the wrong shape or is not finite
   */
  read(options: FromArraysLike<M>): Dataset<M> {
    return fromArraysLike<M>(this.#like, options);
  }

  /** A copy of every parameter by name. */
  parameters(): ReadonlyMap<string, Float32Array> {
    return this.#live().snapshot();
  }

  /** A copy of all that the model is now; {@link become} brings it back to the same bits. */
  state(): ModelState<M> {
    return { spec: this.spec, values: this.parameters(), fusion: this.#fusion };
  }

  /**
   * Takes on another state of the same modalities.
   *
   * @throws {DataFormatError} if the values are not those of the spec; the model is unchanged then
   */
  become({ spec, values, fusion }: ModelState<M>): void {
    const network = openNetwork(this.engine, spec, values);
    this.#network.dispose();
    this.#network = network;
    this.#fusion = fusion;
    this.#like = emptyDataset(spec);
  }

  /** The model as one safetensors file: weights, classes, preprocessing and fusion. */
  save(): Uint8Array<ArrayBuffer> {
    return writeModel(this.#live(), this.#fusion);
  }

  /** Frees the model's memory; twice is once. */
  dispose(): void {
    if (this.#alive) this.#network.dispose();
    this.#alive = false;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #live(): Network<M> {
    if (!this.#alive) {
      throw new UseAfterFreeError(
        "model: Cannot use a disposed model: expected a live one, got one after dispose()",
      );
    }
    return this.#network;
  }
}

export interface OpenOptions {
  /** The parts that the model may be made of; what a method uses by default comes with it. */
  readonly parts: readonly AnyPart[];
  /** Default: one of its own. */
  readonly engine?: Engine;
}

/**
 * Opens a saved model that is made of the given parts.
 *
 * @example `await openModel(bytes, { parts: [methods.mla, encoders.mlp] })`
 * @throws {DataFormatError} if the bytes are truncated, hostile, no model of this library, or ask for another part
 */
export async function openModel<M extends string = string>(
  bytes: Uint8Array,
  { parts, engine }: OpenOptions,
): Promise<Model<M>> {
  return openModelOn(engine ?? (await createEngine()), bytes, parts);
}

/** As {@link openModel}, without an engine of its own. */
export function openModelOn<M extends string>(
  engine: Engine,
  bytes: Uint8Array,
  parts: readonly AnyPart[],
): Model<M> {
  const { spec, values, fusion } = readable(() => readModel<M>(bytes, parts));
  return new Model(openNetwork(engine, spec, values), fusion);
}
