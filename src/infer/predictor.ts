import type { AnyPart } from "../config/part.ts";
import type { Dataset } from "../data/dataset.ts";
import { arraysOfOne, fromArraysLike } from "../data/from-arrays.ts";
import type { ModalityInput } from "../data/modality-input.ts";
import { loadCore, type WasmSource } from "../engine/core.ts";
import { Engine } from "../engine/engine.ts";
import { UseAfterFreeError } from "../engine/errors.ts";
import type { FittedFusion } from "../fusion/fusion.ts";
import { readModel } from "../train/model-file.ts";
import type { ModelSpec } from "../train/model-spec.ts";
import type { Network } from "../train/network.ts";
import { openNetwork, readable } from "../train/open-network.ts";
import { outputsOf } from "../train/outputs.ts";
import {
  emptyDataset,
  fuseAll,
  type Prediction,
  predictionsOf,
  type Sample,
} from "../train/predict.ts";

export interface OpenOptions {
  /** The parts that the model may be made of; what a method uses by default comes with it. */
  readonly parts: readonly AnyPart[];
  /** Another core than the embedded one that only predicts, as `altermodal/engine.wasm`. */
  readonly wasm?: WasmSource;
}

/** A model that only predicts, with any of its modalities missing: the bits of `Model.predict`. */
export class Predictor<M extends string> {
  readonly #network: Network<M>;
  readonly #fusion: FittedFusion | null;
  readonly #like: Dataset<M>;
  #alive = true;

  constructor(network: Network<M>, fusion: FittedFusion | null) {
    this.#network = network;
    this.#fusion = fusion;
    this.#like = emptyDataset(network.spec);
  }

  get spec(): ModelSpec<M> {
    return this.#network.spec;
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
    if (!this.#alive) {
      throw new UseAfterFreeError(
        "model: Cannot use a disposed model: expected a live one, got one after dispose()",
      );
    }
    const dataset = fromArraysLike<M>(this.#like, { modalities });
    const fused = fuseAll(outputsOf(this.#network, dataset), this.#fusion, this.spec);
    return predictionsOf(this.#network.modalities, this.spec.classes, fused, dataset.size);
  }

  /** Frees the model's memory; twice is once. */
  dispose(): void {
    if (this.#alive) this.#network.dispose();
    this.#alive = false;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Opens a model on a core of its own. */
export async function openPredictor<M extends string>(
  bytes: Uint8Array,
  parts: OpenOptions["parts"],
  wasm: WasmSource,
): Promise<Predictor<M>> {
  const { spec, values, fusion } = readable(() => readModel<M>(bytes, parts));
  const engine = new Engine(await loadCore(wasm));
  return new Predictor(openNetwork(engine, spec, values), fusion);
}
