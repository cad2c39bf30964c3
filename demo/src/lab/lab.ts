/** One data set, one training at a time, and the model that came out of it. Lives in a worker. */
import {
  createEngine,
  type Dataset,
  type Engine,
  encoders,
  loadModel,
  type Model,
  methods,
  type PartConfig,
  subset,
  train,
} from "altermodal";
import { answer, sheet } from "./answer.ts";
import { type OpenData, openEmoji, openSynthetic } from "./built-in-data.ts";
import { Gate } from "./gate.ts";
import { sha256 } from "./hash.ts";
import type {
  Answer,
  DataInfo,
  LabEvent,
  Outcome,
  PartInfo,
  PartName,
  Question,
  Sheet,
  Source,
  TrainOptions,
} from "./protocol.ts";

/** Least time between two reports of progress. */
const REPORT_MS = 100;

export class Lab {
  readonly #emit: (event: LabEvent) => void;
  readonly #gate = new Gate();
  #data: OpenData | undefined;
  #model: Model<string> | undefined;
  #abort: AbortController | undefined;

  constructor(emit: (event: LabEvent) => void) {
    this.#emit = emit;
  }

  async open(source: Source): Promise<DataInfo> {
    this.#data = await openSource(source);
    const { train, validation, views, attribution } = this.#data;
    const part = (name: PartName, { size, labels }: Dataset): PartInfo => ({
      size,
      labels,
      views: views[name],
    });
    return {
      classes: train.classes,
      modalities: Object.keys(train.modalities),
      parts: { train: part("train", train), validation: part("validation", validation) },
      attribution,
    };
  }

  /** Trains from the start. Cancelled, it keeps the best epoch so far. */
  async train(options: TrainOptions): Promise<Outcome> {
    const { train: data, validation } = this.#opened();
    const start = performance.now();
    const engine = await createEngine();
    this.#emit({ type: "started", engine: engine.info() });
    const abort = new AbortController();
    this.#abort = abort;
    const run = train({
      data: { train: data, validation },
      encoders: encodersFor(data),
      method: methodOf(options),
      epochs: options.epochs,
      batchSize: options.batchSize,
      clip: 1,
      seed: options.seed,
      engine,
      signal: abort.signal,
      onBatch: this.#reporter(engine),
    });
    try {
      for await (const epoch of run) {
        this.#emit({ type: "epoch", epoch });
        if (this.#gate.shut && !run.complete) this.#emit({ type: "paused" });
        await this.#gate.passage;
        if (abort.signal.aborted) break;
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    } finally {
      this.#gate.open();
    }
    this.#keep(run.model as Model<string>);
    const bytes = this.save();
    return {
      end: run.complete ? "complete" : "cancelled",
      selectedEpoch: run.selectedEpoch,
      seconds: (performance.now() - start) / 1000,
      hash: await sha256(bytes),
      bytes: bytes.length,
    };
  }

  /** Takes effect at the end of the epoch. */
  pause(): void {
    this.#gate.close();
  }

  resume(): void {
    this.#gate.open();
  }

  /** Takes effect within a batch. */
  cancel(): void {
    this.#abort?.abort(new DOMException("cancelled", "AbortError"));
    this.#gate.open();
  }

  ask(question: Question, muted: readonly string[]): Answer | null {
    if ("sample" in question) return answer(this.#trained(), question.sample, muted);
    const { part, index } = question;
    return answer(this.#trained(), subset(this.#opened()[part], [index]), muted);
  }

  sheet(part: PartName): Sheet {
    return sheet(this.#trained(), this.#opened()[part]);
  }

  save(): Uint8Array {
    return this.#trained().save();
  }

  async load(bytes: Uint8Array): Promise<{ hash: string | null }> {
    this.#keep(await loadModel(bytes));
    return { hash: await sha256(this.save()) };
  }

  #reporter(engine: Engine) {
    let last = 0;
    return (batch: Parameters<NonNullable<Parameters<typeof train>[0]["onBatch"]>>[0]) => {
      const now = performance.now();
      if (now - last < REPORT_MS && batch.batch < batch.batches) return;
      last = now;
      const { measures = null, ...progress } = batch;
      this.#emit({
        type: "progress",
        progress: { ...progress, measures, memory: engine.memory() },
      });
    };
  }

  #keep(model: Model<string>): void {
    this.#model?.dispose();
    this.#model = model;
  }

  #opened(): OpenData {
    if (this.#data === undefined) throw new Error("lab: no data are open");
    return this.#data;
  }

  #trained(): Model<string> {
    if (this.#model === undefined) throw new Error("lab: nothing is trained yet");
    return this.#model;
  }
}

function openSource(source: Source): Promise<OpenData> | OpenData {
  switch (source.name) {
    case "emoji":
      return openEmoji();
    case "synthetic":
      return openSynthetic();
    case "recordings":
      return { ...source, attribution: [] };
  }
}

function methodOf({ method, memory }: TrainOptions): PartConfig {
  return method === "mla" ? methods.mla({ memory }) : methods.concat();
}

/** By what a modality's data look like: words, pictures and sounds, or plain numbers. */
function encodersFor({ modalities }: Dataset): Record<string, PartConfig> {
  const entries = Object.entries(modalities).map(([name, data]) => [
    name,
    data.kind === "bag"
      ? encoders.bagOfWords()
      : data.shape.length === 3
        ? encoders.conv({ channels: [16, 32, 64] })
        : encoders.mlp(),
  ]);
  return Object.fromEntries(entries);
}
