import { join } from "node:path";
import { resolveOptions } from "../../config/options.ts";
import { findPart, type PartConfig } from "../../config/part.ts";
import { describeProtocol, PROTOCOL_PARTS, trainingProtocol } from "../../data/protocols.ts";
import { OptionError } from "../../engine/errors.ts";
import { FUSIONS } from "../../fusion/registry.ts";
import { trainsItself } from "../../methods/method.ts";
import { METHODS } from "../../methods/registry.ts";
import type { MethodRecord } from "../../report/index.ts";
import { type Recipe, type SharedTraining, tunedFor } from "../recipes.ts";
import { type DataChoice, identityHash, type TrainJob } from "./cell-job.ts";
import type { PlannedCell } from "./train-cells.ts";

const COMPLETE = PROTOCOL_PARTS.complete();

/** What a user may change about a recipe, for every method alike. */
export interface TrainingChanges {
  readonly epochs?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly labelSmoothing?: number | undefined;
  /** How many last epochs' ends are averaged. */
  readonly average?: number | undefined;
  readonly schedule?: PartConfig | undefined;
}

/** A method, and how its modalities are combined if not in its own way. */
export interface MethodChoice extends PartConfig {
  readonly fusion?: PartConfig;
}

/** A training, and how it is judged: several may be of one training. */
export interface AskedCell {
  /** Of the training. */
  readonly key: string;
  /** As it is shown: with the fusion rule, if that is not the method's own. */
  readonly method: MethodRecord;
  readonly protocol: PartConfig;
  readonly seed: number;
}

export interface CellGrid {
  readonly data: DataChoice;
  readonly dataHash: string;
  readonly recipe: Recipe;
  readonly changes: TrainingChanges;
  readonly methods: readonly MethodChoice[];
  /** Default: complete. */
  readonly protocols?: readonly PartConfig[];
  readonly seeds: readonly number[];
  /** Trained weights that encoders begin with, by modality. */
  readonly weights?: TrainJob["weights"];
  /** Folder of the run's cells. */
  readonly folder: string;
  /** True if other runs have their cells there, too: each is then called after all that decides its bits, and reused. */
  readonly shared?: boolean;
  readonly resume: boolean;
}

/** The record of a configured method; its label names the options that are not the defaults. */
export function describeMethod({ name, options, fusion }: MethodChoice): MethodRecord {
  const definition = findPart("method", METHODS, name);
  const resolved: Readonly<Record<string, unknown>> = resolveOptions(
    name,
    definition.options,
    options,
  );
  const defaults: Readonly<Record<string, unknown>> = resolveOptions(name, definition.options);
  const changed = Object.keys(resolved).filter(
    (key) => JSON.stringify(resolved[key]) !== JSON.stringify(defaults[key]),
  );
  const shown = changed.map((key) => `${key}=${String(resolved[key])}`);
  if (fusion !== undefined) {
    findPart("fusion", FUSIONS, fusion.name);
    if (definition.fusion === null) {
      throw new OptionError(
        `${name}: Cannot fuse by "${fusion.name}": expected a method that leaves its modalities to a rule, got one that does not`,
      );
    }
    shown.push(`fusion=${fusion.name}`);
  }
  return {
    name,
    label: [name, ...shown].join(" "),
    options: resolved,
    ...(fusion && { fusion }),
    yardstick: definition.yardstick ?? false,
    baseline: definition.baseline ?? false,
  };
}

/** Rate and epoch of a method by the recipe; an epoch of another budget means nothing, so the best one is kept then. */
export function trainingFor(
  recipe: Recipe,
  method: MethodRecord,
  changes: TrainingChanges,
): { training: SharedTraining; select: "best" | number } {
  const tuned = tunedFor(recipe, findPart("method", METHODS, method.name))?.selected;
  const { optimizer } = recipe.training;
  const epochs = changes.epochs ?? recipe.training.epochs;
  const rate = changes.learningRate ?? tuned?.learningRate ?? optimizer.options.rate;
  const { labelSmoothing, average, schedule } = changes;
  const { epochs: _, ...others } = changes;
  const asTuned =
    epochs === recipe.training.epochs &&
    Object.values(others).every((change) => change === undefined);
  return {
    training: {
      ...recipe.training,
      ...(labelSmoothing !== undefined && { labelSmoothing }),
      ...(average !== undefined && { average }),
      ...(schedule !== undefined && { schedule }),
      epochs,
      optimizer: { ...optimizer, options: { ...optimizer.options, rate } },
    },
    select: (asTuned ? tuned?.epoch : undefined) ?? "best",
  };
}

/**
 * Every (method, seed), and what they start from where that is not among them.
 *
 * @throws {OptionError} for an unknown method, a wrong option, or the same method twice
 */
export function planCells(grid: CellGrid): {
  cells: PlannedCell[];
  asked: readonly AskedCell[];
} {
  const cells = new Map<string, PlannedCell>();
  const add = (method: MethodRecord, protocol: PartConfig, seed: number): string => {
    const complete = protocol.name === COMPLETE.name;
    const labels = [method.label, ...(complete ? [] : [describeProtocol(protocol).label]), seed];
    const plain = labels.join("-").replace(/[^A-Za-z0-9.=]+/g, "-");
    const definition = findPart("method", METHODS, method.name);
    const { startsFrom: source } = definition;
    const after =
      source === undefined
        ? null
        : add(describeMethod({ name: source.name, options: {} }), protocol, seed);
    const first = after === null ? null : (cells.get(after)?.job as TrainJob);
    const startFrom = first && {
      folder: join(grid.folder, after as string),
      identity: identityHash(first),
    };
    const job = { ...jobFor(grid, method, complete ? undefined : protocol, seed), startFrom };
    const key = grid.shared ? `${plain}-${identityHash(job)}` : plain;
    if (cells.has(key)) return key;
    const epochs = trainsItself(definition) ? job.training.epochs : 0;
    cells.set(key, { key, after, epochs, job: { ...job, folder: join(grid.folder, key) } });
    return key;
  };
  // What is trained does not depend on the rule by which it is judged.
  const trained = grid.methods.map(({ name, options }) => describeMethod({ name, options }));
  const methods = grid.methods.map(describeMethod);
  const labels = new Set<string>();
  for (const { label } of methods) {
    if (labels.has(label)) {
      throw new OptionError(
        `run: Cannot compare "${label}" with itself: expected it once, got twice`,
      );
    }
    labels.add(label);
  }
  const asked = (grid.protocols ?? [COMPLETE]).flatMap((protocol) =>
    methods.flatMap((method, i) =>
      grid.seeds.map((seed) => ({
        key: add(trained[i] as MethodRecord, trainingProtocol(protocol), seed),
        method,
        protocol,
        seed,
      })),
    ),
  );
  return { cells: [...cells.values()], asked };
}

function jobFor(
  { data, dataHash, recipe, changes, weights, resume, shared = false }: CellGrid,
  method: MethodRecord,
  protocol: PartConfig | undefined,
  seed: number,
): Omit<TrainJob, "folder" | "startFrom"> {
  return {
    kind: "train",
    data,
    dataHash,
    method,
    ...(protocol && { protocol }),
    seed,
    ...(weights && { weights }),
    ...trainingFor(recipe, method, changes),
    // An epoch that was found on complete data says little about data with gaps.
    ...(protocol && { select: "best" as const }),
    resume: resume || shared,
  };
}
