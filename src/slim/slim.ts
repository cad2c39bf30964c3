import type { AnyPart } from "../config/part.ts";
import type { WasmSource } from "../engine/core.ts";
import type { Engine } from "../engine/engine.ts";
import { OptionError } from "../engine/errors.ts";
import { type EngineOptions, startEngine } from "../engine/start-engine.ts";
import { ALL_PARTS } from "../train/all-parts.ts";
import type { TrainConfig } from "../train/config.ts";
import { type Model, openModelOn } from "../train/model.ts";
import type { RemoteRun, TrainingPlace } from "../train/place.ts";
import { TrainingRun } from "../train/training-run.ts";

export interface SlimEngineOptions extends Omit<EngineOptions, "wasm"> {
  /** `altermodal/engine.wasm`: its URL or the response of a fetch (compiled while it arrives), its bytes, or the module. */
  readonly wasm: WasmSource;
}

export type SlimTrainConfig<M extends string> = TrainConfig<M> & { readonly engine: Engine };

export interface SlimOpenOptions {
  readonly parts: readonly AnyPart[];
  readonly engine: Engine;
}

/**
 * As `createEngine` of `altermodal`, from the file `altermodal/engine.wasm`.
 *
 * @throws {DataFormatError} if it is not that file
 * @throws {UnsupportedError} if the runtime refuses WebAssembly
 */
export async function createEngine(options: SlimEngineOptions): Promise<Engine> {
  if (options?.wasm === undefined) throw missing("createEngine", "wasm");
  const { wasm, ...rest } = options;
  return startEngine(wasm, rest);
}

/** As `train` of `altermodal`, on the engine that is given, or in a worker. */
export function train<M extends string>(
  config: TrainConfig<M> & { readonly where: TrainingPlace },
): RemoteRun<M>;
export function train<M extends string>(config: SlimTrainConfig<M>): TrainingRun<M>;
export function train<M extends string>({
  where,
  ...config
}: TrainConfig<M> & { readonly where?: TrainingPlace }): TrainingRun<M> | RemoteRun<M> {
  if (where !== undefined) return where.train(config);
  if (config.engine === undefined) throw missing("train", "engine");
  return new TrainingRun(config, () => Promise.reject(missing("train", "engine")));
}

/** As `openModel` of `altermodal`, on the engine that is given. */
export async function openModel<M extends string = string>(
  bytes: Uint8Array,
  { parts, engine }: SlimOpenOptions,
): Promise<Model<M>> {
  return openModelOn(engine, bytes, parts);
}

/** As `loadModel` of `altermodal`, on the engine that is given. */
export async function loadModel<M extends string = string>(
  bytes: Uint8Array,
  engine: Engine,
): Promise<Model<M>> {
  return openModelOn(engine, bytes, ALL_PARTS);
}

function missing(where: string, option: string): OptionError {
  return new OptionError(
    `${where}: Cannot run without "${option}": expected it in altermodal/slim, which has no core inside, got none; give it, or import altermodal`,
  );
}
