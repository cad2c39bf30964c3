import { findDifference } from "../config/difference.ts";
import { DataFormatError } from "../engine/errors.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type TensorFile,
  type TensorInput,
} from "../io/safetensors.ts";
import type { StateArrays } from "../optim/index.ts";
import type { EpochRecord } from "./epoch-record.ts";
import { checkValues, type Network } from "./network.ts";
import type { ParameterAverage } from "./parameter-average.ts";
import type { Settings } from "./settings.ts";
import type { Selection } from "./training-run.ts";

const FORMAT = "altermodal-checkpoint-1";

/**
 * One safetensors file: parameters, the selected parameters, optimizer states, what the method remembers, and in the
 * metadata the configuration and the records so far. All is copied now; the file, which grows by the records of all epochs,
 * is made when it is asked for.
 */
export function captureCheckpoint<M extends string>(
  network: Network<M>,
  settings: Settings<M>,
  epochs: readonly EpochRecord[],
  selection: Selection | undefined,
  average: ParameterAverage,
): () => Uint8Array<ArrayBuffer> {
  const tensors: Record<string, TensorInput> = {};
  const keep = (name: string, data: TensorInput["data"], shape = [data.length]) => {
    tensors[name] = { shape, data: data.slice() };
  };
  for (const [name, tensor] of network.parameters.entries()) {
    tensors[`now.${name}`] = { shape: tensor.shape, data: tensor.toArray() };
    const selected = selection?.values.get(name);
    if (selected !== undefined) tensors[`best.${name}`] = { shape: tensor.shape, data: selected };
    const mean = average.mean.get(name);
    if (mean !== undefined) keep(`mean.${name}`, mean, [...tensor.shape]);
  }
  for (const [name, optimizer] of network.optimizers) {
    for (const [slot, data] of Object.entries(optimizer.state())) {
      keep(`optimizer.${name}.${slot}`, data);
    }
  }
  for (const [key, data] of Object.entries(network.method.state?.() ?? {})) {
    keep(`method.${key}`, data);
  }
  const { length } = epochs;
  const averaged = JSON.stringify(average.count);
  return () =>
    encodeSafetensors(tensors, {
      format: FORMAT,
      settings: JSON.stringify(identity(settings)),
      epochs: JSON.stringify(epochs.slice(0, length)),
      selection: JSON.stringify(selection && { epoch: selection.epoch, score: selection.score }),
      averaged,
    });
}

/** Whether a checkpoint is of the method of these settings, not of the one that it starts from. */
export function isCheckpointOf<M extends string>(
  bytes: Uint8Array,
  { spec }: Settings<M>,
): boolean {
  const { metadata } = decodeSafetensors(bytes, "checkpoint");
  const settings = readJson(metadata.get("settings")) as {
    network?: { method?: { name?: unknown } };
  } | null;
  return settings?.network?.method?.name === spec.method.name;
}

/**
 * Brings a network back to where a checkpoint was written.
 *
 * @throws {DataFormatError} if the file is damaged, no checkpoint, or of another configuration; the network is unchanged
 */
export function readCheckpoint<M extends string>(
  bytes: Uint8Array,
  network: Network<M>,
  settings: Settings<M>,
): {
  epochs: EpochRecord[];
  selection: Selection | undefined;
  averaged: Pick<ParameterAverage, "count" | "mean">;
} {
  const file = decodeSafetensors(bytes, "checkpoint");
  const text = (key: string) => file.metadata.get(key) ?? "null";
  if (file.metadata.get("format") !== FORMAT) {
    throw new DataFormatError(
      `checkpoint: Cannot go on from this file: expected format "${FORMAT}", got ${text("format")}`,
    );
  }
  const want: unknown = JSON.parse(JSON.stringify(identity(settings)));
  const difference = findDifference(want, readJson(text("settings")));
  if (difference !== undefined) {
    throw new DataFormatError(
      `checkpoint: Cannot go on with another configuration: expected ${difference}`,
    );
  }
  const epochs = readJson(text("epochs"));
  if (!Array.isArray(epochs) || !epochs.every(isObject)) throw damaged("a list of epochs");
  const selected = readJson(text("selection"));
  if (selected !== null && !isSelection(selected)) throw damaged("a selected epoch");
  const best = section(file, "best.") as Map<string, Float32Array>;
  if (selected !== null) checkValues(network, best, "checkpoint");
  const count = readJson(text("averaged")) ?? 0;
  if (!Number.isInteger(count)) throw damaged("a number of averaged epochs");
  const mean = section(file, "mean.") as Map<string, Float32Array>;
  if (count !== 0) checkValues(network, mean, "checkpoint");
  const now = section(file, "now.") as Map<string, Float32Array>;
  checkValues(network, now, "checkpoint");
  loadStates(network, (prefix) => Object.fromEntries(section(file, prefix)) as StateArrays);
  network.restore(now);
  return {
    epochs: epochs as unknown[] as EpochRecord[],
    selection: selected === null ? undefined : { ...selected, values: best },
    averaged: { count: count as number, mean },
  };
}

/** Loads the states of optimizers and method: all of them, or none. */
function loadStates<M extends string>(
  { method, optimizers }: Network<M>,
  stateAt: (prefix: string) => StateArrays,
): void {
  const before = [...optimizers.values()].map(
    (optimizer) => [optimizer, optimizer.state()] as const,
  );
  const methodBefore = method.state?.();
  try {
    for (const [name, optimizer] of optimizers) optimizer.load(stateAt(`optimizer.${name}.`));
    method.restore?.(stateAt("method."));
  } catch (error) {
    for (const [optimizer, state] of before) optimizer.load(state);
    if (methodBefore !== undefined) method.restore?.(methodBefore);
    throw error;
  }
}

function readJson(text = "null"): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged("JSON in its metadata");
  }
}

function damaged(expected: string): DataFormatError {
  return new DataFormatError(
    `checkpoint: Cannot read this file: expected ${expected}, got something else`,
  );
}

function isSelection(value: unknown): value is Omit<Selection, "values"> {
  return isObject(value) && Number.isInteger(value.epoch) && typeof value.score === "number";
}

/** What must be the same for a run to go on; the number of epochs shapes the schedule. */
function identity<M extends string>({ spec, training, schedule, ...rest }: Settings<M>) {
  const { epochs, batchSize, sampling, augment, seed, select, average } = rest;
  const { initial, startFrom } = rest;
  const { fusion: _, ...network } = spec;
  const shuffled = sampling.sampling === "shuffled";
  return {
    network,
    training,
    schedule,
    epochs,
    batchSize,
    ...(!shuffled && { sampling }),
    ...(Object.keys(augment).length > 0 && { augment }),
    seed,
    select,
    ...(average > 1 && { average }),
    ...(initial !== undefined && { initial }),
    ...(startFrom !== undefined && { startFrom }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function section(file: TensorFile, prefix: string) {
  const found = [...file.tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, { data }]) => [name.slice(prefix.length), data]));
}
