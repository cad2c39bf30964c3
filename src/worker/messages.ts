/** What goes between a page (or Node's main thread) and a worker that trains. */
import type { ModalityInput } from "../data/modality-input.ts";
import type { EngineInfo, MemoryUse } from "../engine/engine-info.ts";
import type { BatchProgress, TrainConfig } from "../train/config.ts";
import type { EpochRecord } from "../train/epoch-record.ts";
import type { Prediction } from "../train/model.ts";
import type { ModelSpec } from "../train/model-spec.ts";
import type { ErrorMessage } from "./error-message.ts";

/** A configuration as it can be sent: without what only its own thread can hold. */
export type SentConfig = Omit<
  TrainConfig<string>,
  "engine" | "loader" | "signal" | "onBatch" | "parts"
>;

/** A model that lives in the worker. */
export interface ModelHandle {
  readonly model: number;
  readonly spec: ModelSpec<string>;
}

/** How the worker runs. */
export interface WorkerInfo extends EngineInfo {
  readonly memory: MemoryUse;
}

/** Calls by name: what is sent, and what comes back in the end. */
export interface Calls {
  train: {
    /** `batches`: whether to tell of them; `aborted` and `paused`: already, before the start. */
    readonly sent: { config: SentConfig; batches: boolean; aborted: boolean; paused: boolean };
    readonly back: ModelHandle;
  };
  open: { readonly sent: { bytes: Uint8Array }; readonly back: ModelHandle };
  predict: {
    readonly sent: { model: number; modalities: Readonly<Record<string, ModalityInput>> };
    readonly back: Prediction<string>[];
  };
  parameters: {
    readonly sent: { model: number };
    readonly back: ReadonlyMap<string, Float32Array>;
  };
  save: { readonly sent: { model: number }; readonly back: Uint8Array<ArrayBuffer> };
  free: { readonly sent: { model: number }; readonly back: null };
  info: { readonly sent: object; readonly back: WorkerInfo };
}

export type CallName = keyof Calls;

/** What a training is told while it runs; its number is that of the call. */
export type Control = "abort" | "pause" | "resume";

/** To the worker. */
export type Request =
  | {
      [K in CallName]: { readonly id: number; readonly call: K; readonly sent: Calls[K]["sent"] };
    }[CallName]
  | { readonly id: number; readonly call: Control };

/** Where a run stands after an epoch. */
export interface EpochMessage {
  readonly record: EpochRecord;
  readonly selectedEpoch: number | null;
  readonly complete: boolean;
  readonly checkpoint: Uint8Array | undefined;
}

/** From the worker; `id` is that of the request. */
export type Reply =
  | { readonly id: number; readonly kind: "batch"; readonly progress: BatchProgress }
  | { readonly id: number; readonly kind: "epoch"; readonly epoch: EpochMessage }
  | { readonly id: number; readonly kind: "paused" }
  | { readonly id: number; readonly kind: "done"; readonly back: Calls[CallName]["back"] }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly error: ErrorMessage;
      /** What a training that failed or was aborted has all the same. */
      readonly model?: ModelHandle;
    };
