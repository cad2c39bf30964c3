/** One model in the making as the page shows it: its data, its training so far, its answers. */

import { signal } from "@preact/signals";
import type { EngineInfo, EpochRecord } from "altermodal";
import { LabClient } from "../lab/lab-client.ts";
import type {
  Answer,
  DataInfo,
  LabEvent,
  Outcome,
  PartName,
  Progress,
  Question,
  Recordings,
  Sheet,
  Source,
  TrainOptions,
} from "../lab/protocol.ts";

export type Phase =
  | "empty"
  | "loading"
  | "ready"
  | "training"
  | "pausing"
  | "paused"
  | "done"
  /** Trained on after changes. */
  | "further";

/** A figure of every report of progress, for the charts. */
export interface Trace {
  /** In epochs, with fractions. */
  readonly at: number;
  readonly bytes: number;
  readonly measures: Progress["measures"];
}

export class Studio {
  readonly title: string;
  readonly method: TrainOptions["method"];
  readonly phase = signal<Phase>("empty");
  readonly info = signal<DataInfo | null>(null);
  readonly source = signal<Source["name"] | null>(null);
  readonly epochs = signal<readonly EpochRecord[]>([]);
  readonly progress = signal<Progress | null>(null);
  readonly traces = signal<readonly Trace[]>([]);
  readonly engine = signal<EngineInfo | null>(null);
  readonly outcome = signal<Outcome | null>(null);
  /** Counts the models: what was asked of an earlier one is stale. */
  readonly version = signal(0);
  readonly error = signal<string | null>(null);
  /** Samples relabelled or dropped since the data were opened. */
  readonly changes = signal(0);
  /** Whether the model was trained on after changes, which can be undone. */
  readonly furthered = signal(false);
  /** Whether a training that was asked for the same as the one before came to the same bits; null if it was not. */
  readonly again = signal<boolean | null>(null);
  #lab: LabClient | undefined;
  /** How it stood before it was trained on. */
  #before: Outcome | null = null;
  #last: { readonly asked: string; readonly hash: string | null } | undefined;

  constructor(title: string, method: TrainOptions["method"]) {
    this.title = title;
    this.method = method;
  }

  get busy(): boolean {
    return ["loading", "training", "pausing", "paused", "further"].includes(this.phase.value);
  }

  readyMade(): Promise<Recordings> {
    return this.#call("readyMade");
  }

  /** Opens data; what was trained on other data is gone. */
  open(source: Source): Promise<void> {
    return this.#guard(async () => {
      this.phase.value = "loading";
      this.version.value = 0;
      this.changes.value = 0;
      this.furthered.value = false;
      this.outcome.value = null;
      this.#clearCurves();
      this.info.value = await this.#call("open", source);
      this.source.value = source.name;
      this.phase.value = "ready";
    });
  }

  train(options: Omit<TrainOptions, "method">): Promise<void> {
    return this.#guard(async () => {
      this.#clearCurves();
      this.furthered.value = false;
      this.phase.value = "training";
      const outcome = await this.#call("train", { ...options, method: this.method });
      this.#compare(options, outcome);
      this.outcome.value = outcome;
      this.phase.value = "done";
      this.version.value++;
    });
  }

  pause(): void {
    if (this.phase.value !== "training") return;
    this.phase.value = "pausing";
    void this.#call("pause");
  }

  resume(): void {
    this.phase.value = "training";
    void this.#call("resume");
  }

  cancel(): void {
    void this.#call("cancel");
  }

  ask(question: Question, muted: readonly string[]): Promise<Answer | null> {
    return this.#call("ask", question, muted);
  }

  sheet(part: PartName): Promise<Sheet> {
    return this.#call("sheet", part);
  }

  save(): Promise<Uint8Array> {
    return this.#call("save");
  }

  onnx(): Promise<Uint8Array> {
    return this.#call("onnx");
  }

  async load(bytes: Uint8Array): Promise<string | null> {
    const hash = await this.#call("load", bytes);
    this.changes.value = 0;
    this.version.value++;
    return hash;
  }

  /** @param label - a class, or -1 to drop the sample */
  async relabel(part: PartName, index: number, label: number): Promise<void> {
    await this.#call("relabel", part, index, label);
    this.changes.value++;
  }

  /** Trains the model on, with the labels as they are now. */
  trainOn(seed: number): Promise<void> {
    return this.#guard(async () => {
      this.phase.value = "further";
      const outcome = await this.#call("trainOn", seed);
      this.#before = this.outcome.value;
      const { selectedEpoch } = this.outcome.value ?? outcome;
      this.outcome.value = { ...outcome, selectedEpoch };
      this.phase.value = "done";
      this.furthered.value = true;
      this.version.value++;
    });
  }

  /** Takes the last training on back. */
  async undo(): Promise<void> {
    await this.#call("undo");
    this.outcome.value = this.#before;
    this.furthered.value = false;
    this.version.value++;
  }

  #call: LabClient["call"] = (...args) => {
    this.#lab ??= new LabClient((event) => this.#hear(event));
    return this.#lab.call(...args);
  };

  #hear(event: LabEvent): void {
    switch (event.type) {
      case "started":
        this.engine.value = event.engine;
        break;
      case "progress": {
        const { progress } = event;
        const { epoch, batch, batches, memory, measures } = progress;
        this.progress.value = progress;
        const at = epoch - 1 + batch / batches;
        const bytes = memory.persistent + memory.reserved;
        this.traces.value = [...this.traces.value, { at, bytes, measures }];
        break;
      }
      case "epoch":
        this.epochs.value = [...this.epochs.value, event.epoch];
        break;
      case "paused":
        this.phase.value = "paused";
        break;
    }
  }

  /** Whether this training, asked for the same as the one before, came to the same bits. */
  #compare(options: Omit<TrainOptions, "method">, { hash, end }: Outcome): void {
    const { threads: _, ...rest } = options;
    const asked = JSON.stringify([this.source.value, this.changes.value, rest, end]);
    const before = this.#last;
    this.again.value =
      end !== "complete" || hash === null || before?.asked !== asked ? null : before.hash === hash;
    this.#last = { asked, hash };
  }

  /** After its worker died: the next training gets another one, and opens the data anew. */
  #startOver(): void {
    this.#lab = undefined;
    this.info.value = null;
    this.source.value = null;
    this.outcome.value = null;
    this.version.value = 0;
  }

  #clearCurves(): void {
    this.epochs.value = [];
    this.traces.value = [];
    this.progress.value = null;
    this.error.value = null;
  }

  /** Shows what went wrong; what was trained before stays. */
  async #guard(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      if (this.#lab?.dead) this.#startOver();
      this.error.value = error instanceof Error ? error.message : String(error);
      const opened = this.info.value === null ? "empty" : "ready";
      this.phase.value = this.outcome.value === null ? opened : "done";
    }
  }
}
