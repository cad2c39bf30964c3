/** What the page and a lab's worker say to each other. Everything here can be copied between threads. */

import type { BatchProgress, Dataset, EngineInfo, EpochRecord, MemoryUse } from "altermodal";
import type { LabelledPair } from "../capture/pair.ts";

/** How a modality is shown. */
export type View =
  | {
      readonly kind: "picture";
      readonly width: number;
      readonly height: number;
      /** [samples, height, width, 3] */
      readonly rgb: Uint8Array;
    }
  | { readonly kind: "words"; readonly texts: readonly string[] }
  | {
      /** Numbers as shades, row by row; a spectrogram has time along its width. */
      readonly kind: "grid";
      readonly width: number;
      readonly height: number;
      readonly values: Float32Array;
      /** What is played of each sample; null for none. */
      readonly sounds?: readonly (Sound | null)[];
    };

/** To be played: 16-bit integers. */
export interface Sound {
  readonly samples: Int16Array;
  /** Hertz. */
  readonly rate: number;
}

/** What is trained on, and what it is judged on: neither is the other's. */
export type PartName = "train" | "validation";

export interface PartInfo {
  readonly size: number;
  readonly labels: Int32Array;
  readonly views: Readonly<Record<string, View>>;
}

/** A data set as the page knows it. */
export interface DataInfo {
  readonly classes: readonly string[];
  readonly modalities: readonly string[];
  readonly parts: Readonly<Record<PartName, PartInfo>>;
  readonly attribution: readonly string[];
}

/** A data set that comes with the page, or samples that the page recorded. */
export type Source =
  | { readonly name: "emoji" | "synthetic" }
  | ({ readonly name: "recordings" } & Recordings);

/** What a visitor recorded, or what the page made in its place. */
export interface Recordings {
  readonly classes: readonly string[];
  readonly pairs: readonly LabelledPair[];
}

export interface TrainOptions {
  readonly method: "concat" | "mla";
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** What MLA's projection remembers: the other modalities' latest features, or all since the start. */
  readonly memory: "others" | "all";
  /** Which epoch is kept: the best on the judging part, or the last, where that part is too small to tell. */
  readonly keep: "best" | "last";
  /** `"auto"`: as many as there are processors, if the page may share memory. */
  readonly threads: 1 | "auto";
}

/** Where a training stands, ten times a second. */
export interface Progress extends Omit<BatchProgress, "measures"> {
  readonly measures: Readonly<Record<string, Readonly<Record<string, number>>>> | null;
  readonly memory: MemoryUse;
}

export type LabEvent =
  | { readonly type: "started"; readonly engine: EngineInfo }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "epoch"; readonly epoch: EpochRecord }
  | { readonly type: "paused" };

/** How a training ended. */
export interface Outcome {
  readonly end: "complete" | "cancelled";
  readonly selectedEpoch: number | null;
  readonly seconds: number;
  /** SHA-256 of the saved model; null where the browser computes none (pages without https). */
  readonly hash: string | null;
  readonly bytes: number;
}

/** One sample to be judged: of the data, or as its values are. */
export type Question =
  | { readonly part: PartName; readonly index: number }
  | { readonly sample: Dataset };

/** What a model says of one sample, and who decided. */
export interface Answer {
  readonly label: string;
  readonly probability: number;
  /** What the probability would be if nothing were seen: Shapley values add up to the rest. */
  readonly chance: number;
  readonly voices: Readonly<Record<string, Voice>>;
}

/** One modality's part in an answer. */
export interface Voice {
  /** False if the modality is muted or missing. */
  readonly heard: boolean;
  /** Of the fusion; null if the model's head takes all modalities together. */
  readonly weight: number | null;
  /** Shapley value: its share of how far the answer's probability is from chance. */
  readonly share: number;
  /** What it says with all others absent. */
  readonly alone: { readonly label: string; readonly probability: number } | null;
}

/** What a model says of every sample of a part. */
export interface Sheet {
  /** As they are after the visitor's changes; -1 for a sample that was dropped. */
  readonly labels: Int32Array;
  readonly said: Int32Array;
  /** Probability of what was said. */
  readonly sureness: Float32Array;
}

export interface Request {
  readonly id: number;
  readonly call: string;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } }
  | { readonly event: LabEvent };
