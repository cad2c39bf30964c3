/** One data set, one training at a time, and the model that came out of it. Lives in a worker. */
import {
  createEngine,
  type Dataset,
  type Engine,
  type Model,
  optim,
  subset,
  type TrainingRun,
  train,
} from "altermodal";
import { type Adaptation, adapt } from "altermodal/adapt";
import { exportOnnx } from "altermodal/onnx";
import { webThreads } from "altermodal/web-threads";
import { readyMade } from "../capture/ready-made.ts";
import { answer, sheet } from "./answer.ts";
import { type OpenData, openData } from "./built-in-data.ts";
import { Edits } from "./edits.ts";
import { sha256 } from "./hash.ts";
import { encodersFor, methodOf, reopen } from "./parts.ts";
import type {
  Answer,
  DataInfo,
  LabEvent,
  Outcome,
  PartInfo,
  PartName,
  Question,
  Recordings,
  Sheet,
  Source,
  TrainOptions,
} from "./protocol.ts";
import { reporter } from "./reporter.ts";
import { Stopwatch } from "./stopwatch.ts";

/** How training goes on after changes: gently, as most of it is learnt. */
const FURTHER = { epochs: 4, optimizer: optim.sgd({ rate: 0.02, momentum: 0.9 }), batchSize: 32 };

export class Lab {
  readonly #emit: (event: LabEvent) => void;
  #data: OpenData | undefined;
  #edits: Record<PartName, Edits> = { train: new Edits(), validation: new Edits() };
  #model: Model<string> | undefined;
  #adaptation: Adaptation | undefined;
  #abort: AbortController | undefined;
  #run: TrainingRun<string> | undefined;
  /** Of the training that runs; it stands while that is paused. */
  #watch: Stopwatch | undefined;

  constructor(emit: (event: LabEvent) => void) {
    this.#emit = emit;
  }

  async open(source: Source): Promise<DataInfo> {
    this.#data = await openData(source);
    this.#edits = { train: new Edits(), validation: new Edits() };
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

  /** Recordings for who has no camera. */
  readyMade(): Promise<Recordings> {
    return readyMade();
  }

  /**
   * Trains from the start. Cancelled, it keeps the best epoch so far.
   *
   * @throws {Error} if it was cancelled before the first epoch ended; the model from before stays
   */
  async train(options: TrainOptions): Promise<Outcome> {
    const data = { train: this.#edited("train"), validation: this.#edited("validation") };
    const watch = new Stopwatch();
    this.#watch = watch;
    const engine = await this.#newEngine(options.threads);
    const { signal } = this.#begin();
    const run = train({
      data,
      encoders: encodersFor(data.train),
      method: methodOf(options),
      epochs: options.epochs,
      select: options.keep === "last" ? options.epochs : "best",
      batchSize: options.batchSize,
      clip: 1,
      seed: options.seed,
      engine,
      signal,
      onBatch: reporter(engine, this.#emit),
    });
    this.#run = run;
    // Paused while the engine started.
    if (watch.stopped) void run.pause();
    try {
      for await (const epoch of run) {
        this.#emit({ type: "epoch", epoch });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#run = undefined;
      this.#watch = undefined;
      await engine.dispose();
    }
    if (run.selectedEpoch === null) {
      run.model?.dispose();
      throw new Error(
        `Cancelled before the first epoch ended.${this.#model ? " The model from before is kept;" : ""} Train again to learn more.`,
      );
    }
    this.#keep(run.model as Model<string>);
    return this.#outcome(watch, run.complete, run.selectedEpoch);
  }

  /** Trains the model on, with the labels as they are now; {@link undo} brings it back. */
  async trainOn(seed: number): Promise<Outcome> {
    const model = this.#trained();
    const data = this.#edited("train");
    const watch = new Stopwatch();
    const { signal } = this.#begin();
    this.#adaptation = await adapt(model, data, {
      ...FURTHER,
      seed,
      encoders: Object.keys(data.modalities),
      validation: this.#edited("validation"),
      signal,
    });
    return this.#outcome(watch, true, null);
  }

  undo(): void {
    this.#adaptation?.undo();
    this.#adaptation = undefined;
  }

  /** Takes effect within a batch. */
  pause(): void {
    if (this.#watch === undefined) return;
    this.#watch.stop();
    void this.#run?.pause();
    this.#emit({ type: "paused" });
  }

  resume(): void {
    this.#watch?.goOn();
    this.#run?.resume();
  }

  /** Takes effect within a batch. */
  cancel(): void {
    this.#abort?.abort(new DOMException("cancelled", "AbortError"));
  }

  ask(question: Question, muted: readonly string[]): Answer | null {
    if ("sample" in question) return answer(this.#trained(), question.sample, muted);
    const { part, index } = question;
    return answer(this.#trained(), subset(this.#opened()[part], [index]), muted);
  }

  sheet(part: PartName): Sheet {
    const data = this.#opened()[part];
    return { ...sheet(this.#trained(), data), labels: this.#edits[part].labels(data) };
  }

  /** @param label - a class, or -1 to drop the sample */
  relabel(part: PartName, index: number, label: number): void {
    this.#edits[part].set(index, label);
  }

  save(): Uint8Array {
    return this.#trained().save();
  }

  /** The model as ONNX, with its fusion in the graph. */
  onnx(): Uint8Array {
    return exportOnnx(this.#trained());
  }

  /** @returns the hash of the model as it would be saved again */
  async load(bytes: Uint8Array): Promise<string | null> {
    this.#keep(await reopen(bytes));
    return sha256(this.save());
  }

  #newEngine(threads: TrainOptions["threads"]): Promise<Engine> {
    const pool = webThreads(
      () => new Worker(new URL("./thread.js", import.meta.url), { type: "module" }),
    );
    return createEngine({ threads, pool }).then((engine) => {
      this.#emit({ type: "started", engine: engine.info() });
      return engine;
    });
  }

  #begin(): AbortController {
    this.#abort = new AbortController();
    return this.#abort;
  }

  async #outcome(watch: Stopwatch, complete: boolean, epoch: number | null): Promise<Outcome> {
    const bytes = this.save();
    return {
      end: complete ? "complete" : "cancelled",
      selectedEpoch: epoch,
      seconds: watch.seconds,
      hash: await sha256(bytes),
      bytes: bytes.length,
    };
  }

  #keep(model: Model<string>): void {
    this.#model?.dispose();
    this.#model = model;
    this.#adaptation = undefined;
  }

  #edited(part: PartName): Dataset {
    return this.#edits[part].apply(this.#opened()[part]);
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
