import type { AnyPart } from "../config/part.ts";
import type { BatchLoader } from "../data/batch-loader.ts";
import type { RowOpeners } from "../data/rows.ts";
import { createEngine } from "../engine/create-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { UseAfterFreeError } from "../engine/errors.ts";
import { ALL_PARTS } from "../train/all-parts.ts";
import type { BatchProgress } from "../train/config.ts";
import { Gate } from "../train/gate.ts";
import { type Model, openModel } from "../train/model.ts";
import { TrainingRun } from "../train/training-run.ts";
import { errorMessage } from "./error-message.ts";
import type { Calls, Control, ModelHandle, Reply, Request } from "./messages.ts";
import { openModalities, openParts } from "./sent-data.ts";

/** Least time between two messages of one training about its batches. */
const BATCH_MS = 25;

/** The worker's side of its channel: `self`, or Node's `parentPort`. */
export interface Port {
  postMessage(message: unknown): void;
}

export interface ServeOptions {
  /** Parts that trainings and models may be made of; default: all of this library. Add your own here. */
  readonly parts?: readonly AnyPart[];
  /** How rows are opened that a configuration names by their origin. */
  readonly openers?: RowOpeners;
  /** Prepares the batches of all trainings; default: the worker itself. */
  readonly loader?: BatchLoader;
  /** What all trainings and models of this worker run on; default: the embedded core on one thread. */
  readonly engine?: () => Promise<Engine>;
}

/**
 * What a worker does: trains and predicts for whoever sends it requests.
 *
 * @returns what to call with the data of each message
 */
export function serve(
  port: Port,
  { parts = ALL_PARTS, engine = createEngine, loader, openers = {} }: ServeOptions = {},
): (data: unknown) => void {
  const models = new Map<number, Model<string>>();
  const running = new Map<number, Running>();
  let started: Promise<Engine> | undefined;
  let lastModel = 0;

  const reply = (message: Reply) => port.postMessage(message);
  const theEngine = () => {
    started ??= engine();
    return started;
  };
  const keep = (model: Model<string>): ModelHandle => {
    models.set(++lastModel, model);
    return { model: lastModel, spec: model.spec };
  };
  const find = (number: number): Model<string> => {
    const model = models.get(number);
    if (model !== undefined) return model;
    throw new UseAfterFreeError(
      "model: Cannot use a disposed model: expected a live one, got one after dispose()",
    );
  };

  async function train(
    id: number,
    { config, batches, aborted, paused }: Calls["train"]["sent"],
  ): Promise<void> {
    const abort = new AbortController();
    if (aborted) abort.abort();
    const gate = new Gate();
    running.set(id, { abort, gate });
    if (paused) gate.close();
    let run: TrainingRun<string> | undefined;
    try {
      const one = await theEngine();
      run = new TrainingRun<string>(
        {
          ...config,
          data: await openParts({ ...config.data }, openers),
          parts,
          ...(loader && { loader }),
          engine: one,
          signal: abort.signal,
          ...(batches && {
            onBatch: throttled((progress) => reply({ id, kind: "batch", progress })),
          }),
        },
        theEngine,
        gate,
      );
      for await (const record of run) {
        const { selectedEpoch, complete } = run;
        const epoch = { record, selectedEpoch, complete, checkpoint: run.checkpoint() };
        reply({ id, kind: "epoch", epoch });
      }
      reply({ id, kind: "done", back: keep(run.model as Model<string>) });
    } catch (error) {
      const model = run?.model && keep(run.model);
      reply({ id, kind: "failed", error: errorMessage(error), ...(model && { model }) });
    } finally {
      running.delete(id);
    }
  }

  async function answer(request: Exclude<Request, { call: "train" | Control }>) {
    switch (request.call) {
      case "open":
        return keep(await openModel(request.sent.bytes, { parts, engine: await theEngine() }));
      case "predict":
        return find(request.sent.model).predictAll(
          await openModalities(request.sent.modalities, openers),
        );
      case "parameters":
        return find(request.sent.model).parameters();
      case "save":
        return find(request.sent.model).save();
      case "free":
        find(request.sent.model).dispose();
        models.delete(request.sent.model);
        return null;
      case "info": {
        const one = await theEngine();
        return { ...one.info(), memory: one.memory() };
      }
    }
  }

  return (data) => {
    const request = data as Request;
    const { id } = request;
    const told = running.get(id);
    switch (request.call) {
      case "train":
        void train(id, request.sent);
        break;
      case "abort":
        told?.abort.abort();
        break;
      case "pause":
        told?.gate.close();
        reply({ id, kind: "paused" });
        break;
      case "resume":
        told?.gate.open();
        break;
      default:
        answer(request).then(
          (back) => reply({ id, kind: "done", back }),
          (error) => reply({ id, kind: "failed", error: errorMessage(error) }),
        );
    }
  };
}

/** How a training can be stopped or held up. */
interface Running {
  readonly abort: AbortController;
  readonly gate: Gate;
}

/** Passes on what is at least {@link BATCH_MS} after the last one, and the last batch of each epoch. */
function throttled(pass: (progress: BatchProgress) => void): (progress: BatchProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < BATCH_MS && progress.batch < progress.batches) return;
    last = now;
    pass(progress);
  };
}
