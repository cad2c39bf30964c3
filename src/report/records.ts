import type { PartConfig } from "../config/part.ts";
import type { ProtocolRecord } from "../data/protocols.ts";
import type { PatternScore, Scores } from "../metrics/index.ts";
import type { EpochRecord } from "../train/epoch-record.ts";
import type { PackedFloats } from "./packed-floats.ts";

/**
 * The JSON contract between a run and its reports. Everything survives `JSON.stringify` and `JSON.parse`.
 * Modalities are keys of records; nothing depends on how many there are.
 */

/** What was trained. */
export interface MethodRecord {
  /** The registered name. */
  readonly name: string;
  /** Unique within one comparison: the name, with the options that tell two variants apart. */
  readonly label: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** If it is not the method's own. */
  readonly fusion?: PartConfig;
  /** True if every modality is trained alone here: what the others' modalities are measured against. */
  readonly yardstick: boolean;
  /** True if the method is one that others are tested against. */
  readonly baseline: boolean;
}

/** One modality inside a trained method, on the test part. */
export interface ModalityTestRecord {
  /** By its own head, or by a joint head with the other modalities zeroed. */
  readonly head: Scores;
  readonly headKind: "own" | "others-zeroed";
  /** By a linear probe fitted on the frozen encoder's training features; null if none was fitted. */
  readonly probe: Scores | null;
}

/** Everything that one cell said about the test part. All arrays are in the order of `ids`. */
export interface TestRecord {
  readonly ids: readonly string[];
  /** Class indices. */
  readonly labels: readonly number[];
  /** Samples of one group are not independent (variants of one thing) and are redrawn together by the paired test. */
  readonly groups?: readonly string[];
  /** Row-major [samples, classes]; null if the method does not fuse. */
  readonly fusedLogits: PackedFloats | null;
  /** Row-major [samples, classes] of each modality's head; NaN where the sample lacks the modality. */
  readonly modalityLogits: Readonly<Record<string, PackedFloats>>;
  /** [samples] of each modality, 0 where it is missing; null if the fusion has no weights. */
  readonly fusionWeights: Readonly<Record<string, PackedFloats>> | null;
  readonly fused: Scores | null;
  readonly modalities: Readonly<Record<string, ModalityTestRecord>>;
  /** Share of the (sample, modality) pairs that the test part lacked. */
  readonly missing: number;
  /** Fused scores of the samples that have the same modalities; empty if the method does not fuse. */
  readonly patterns: readonly PatternScore[];
  /** What each modality adds to the fused accuracy, over all orders; null if the method does not fuse. */
  readonly shapley: Readonly<Record<string, number>> | null;
  /** Mean over the pairs of modalities of the distance between their mean unit features; null without a pair. */
  readonly modalityGap: number | null;
  /** Unit features of the first samples of each modality on their two principal axes: [samples, 2]. */
  readonly plane: Readonly<Record<string, PackedFloats>>;
}

/** Where a cell was computed. */
export interface EnvironmentRecord {
  /** Which build of the core ran. */
  readonly engine: string;
  readonly threads: number;
  /** The JavaScript runtime and its version. */
  readonly runtime: string;
}

/** How far the steps of one modality moved a shared head's outputs on the others' mean features, in some of the steps. */
export interface DriftRecord {
  /** From 1, over the whole training. */
  readonly steps: readonly number[];
  /** By the modality that the step was for: norms of what it added to logits, as the optimizer had it and as it was taken. */
  readonly modalities: Readonly<
    Record<string, { readonly raw: readonly number[]; readonly projected: readonly number[] }>
  >;
}

/** One trained (method, seed). */
export interface CellRecord {
  readonly method: MethodRecord;
  /** What was missing or noisy, in which part. */
  readonly protocol: ProtocolRecord;
  readonly seed: number;
  readonly dataset: { readonly name: string; readonly hash: string };
  /** Of its own training, not of what it starts from. */
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose parameters were kept, counted from 1; null before the first one ended. */
  readonly selectedEpoch: number | null;
  /** Number of trained values. */
  readonly parameters: number;
  /** Floating-point operations of the whole training, forward and backward, of all stages. */
  readonly flops: number;
  /** Training time of all stages. */
  readonly seconds: number;
  /** Left out by methods that tell nothing of the kind. */
  readonly drift?: DriftRecord;
  /** Null if the test part was not opened for this cell. */
  readonly test: TestRecord | null;
  /** True if it was stopped before its last epoch. */
  readonly interrupted: boolean;
  readonly weightsHash: string;
  readonly environment: EnvironmentRecord;
}

/** The data as they were prepared. */
export interface DataManifest {
  readonly name: string;
  readonly hash: string;
  /** Words for the classes, by class index. */
  readonly classes: readonly string[];
  /** In the order in which they are shown. */
  readonly modalities: readonly string[];
  /** Samples of each class in each part: `counts.train[classIndex]`. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
  /** How the parts were cut. */
  readonly splitRule: string;
  /** Attribution lines, one for each source. */
  readonly licences: readonly string[];
}

/** How a method's learning rate and epoch were found on validation data. */
export interface RecipeRecord {
  readonly method: string;
  readonly grid: readonly {
    readonly learningRate: number;
    /** Mean validation accuracy over the seeds of the search. */
    readonly accuracy: number;
    readonly epoch: number;
  }[];
  readonly selected: { readonly learningRate: number; readonly epoch: number };
  /** The search that found it. */
  readonly command?: string;
}

/** How far a method keeps the modalities apart, and how well it does: means over seeds. */
export interface GapPoint {
  readonly label: string;
  readonly gap: number;
  /** Fused, on the test part. */
  readonly accuracy: number;
}

/** A whole comparison. */
export interface ComparisonRecord {
  readonly format: "altermodal-comparison";
  readonly version: 1;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly data: DataManifest;
  readonly cells: readonly CellRecord[];
  /** How many cells the run set out to train. */
  readonly plannedCells: number;
  /** How often the test part of these data has been opened so far, by all runs. */
  readonly testOpenings: number;
  /** How the figures were made, in sentences: equal budget, what was chosen on which data, what the test part served. */
  readonly protocol: string;
  /** The command line, without paths of the machine. */
  readonly command: string;
  /** Versions by name: the package, the runtime, the core. */
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly started: string;
  /** ISO 8601; null if it never ended. */
  readonly ended: string | null;
  readonly recipes: readonly RecipeRecord[];
  /** Of another run on the same data, for what is asked over all methods. */
  readonly gapPoints?: { readonly run: string; readonly points: readonly GapPoint[] };
}
