import type { ModalityInput } from "../data/modality-input.ts";
import type { TrainConfig } from "./config.ts";
import type { EpochRecord } from "./epoch-record.ts";
import type { Prediction, Sample } from "./model.ts";
import type { ModelSpec } from "./model-spec.ts";

/** Where a training runs that is not this thread: a worker of `altermodal/client`, `altermodal/auto` or your own. */
export interface TrainingPlace {
  train<M extends string>(config: TrainConfig<M>): RemoteRun<M>;
}

/** A training elsewhere: as `TrainingRun`, with a model that answers by promises. */
export interface RemoteRun<M extends string> extends AsyncIterable<EpochRecord> {
  /** Records of the epochs that have arrived. */
  readonly epochs: readonly EpochRecord[];
  readonly selectedEpoch: number | null;
  readonly complete: boolean;
  /** The model, once the run has ended, however it ended; undefined if its worker died. */
  readonly model: RemoteModel<M> | undefined;
  /** Runs to the end. @throws {WorkerError} if the worker dies; {@link checkpoint} then has the last epoch */
  finish(): Promise<RemoteModel<M>>;
  /** As `TrainingRun.pause`; resolves once the worker stands still, or the run has ended. */
  pause(): Promise<void>;
  resume(): void;
  readonly paused: boolean;
  /** All that is needed to go on after the last epoch that has arrived, here or elsewhere, with the same bits. */
  checkpoint(): Uint8Array | undefined;
}

/** A model in a worker. */
export interface RemoteModel<M extends string> {
  readonly spec: ModelSpec<M>;
  predict(sample: Sample<M>): Promise<Prediction<M>>;
  predictAll(modalities: { readonly [K in M]?: ModalityInput }): Promise<Prediction<M>[]>;
  parameters(): Promise<ReadonlyMap<string, Float32Array>>;
  /** One safetensors file, as `Model.save` gives it: the bits are the same. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  /** Frees the model's memory in the worker. */
  dispose(): void;
}
