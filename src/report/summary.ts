import type { ProtocolRecord } from "../data/protocols.ts";
import { type Scores, type Spread, spreadOf } from "../metrics/index.ts";
import { compareWithBestBaseline, type MethodTest } from "./comparison-tests.ts";
import type { CellRecord, ComparisonRecord, MethodRecord, ModalityTestRecord } from "./records.ts";

/** One modality inside one method, over seeds. Accuracies and gaps are shares in [0, 1]. */
export interface ModalitySummary {
  readonly headKind: ModalityTestRecord["headKind"];
  readonly head: Spread;
  readonly headMacroF1: Spread;
  readonly probe: Spread | null;
  readonly probeMacroF1: Spread | null;
  /**
   * Laziness: accuracy trained alone minus accuracy here, paired by seed, positive if worse here. Like is compared with
   * like: head with the lone head, probe with the probe of the lone encoder (with its head if that has no probe).
   * Null for the yardstick itself and where no seed pairs up.
   */
  readonly gapByHead: Spread | null;
  readonly gapByProbe: Spread | null;
}

/** The fused prediction over seeds. */
export interface FusedSummary {
  readonly accuracy: Spread;
  readonly macroF1: Spread;
  readonly meanAveragePrecision: Spread;
  readonly nll: Spread;
  readonly calibrationError: Spread;
}

/** One row of the result table. */
export interface MethodSummary {
  readonly label: string;
  readonly method: MethodRecord;
  /** Seeds whose test results are in the figures. */
  readonly seeds: readonly number[];
  /** Seeds that were stopped before their last epoch. */
  readonly interruptedSeeds: readonly number[];
  /** Null if the method does not fuse or no seed was tested. */
  readonly fused: FusedSummary | null;
  readonly modalities: Readonly<Record<string, ModalitySummary>>;
  readonly seconds: Spread;
  /** Billions of floating-point operations of one training run. */
  readonly gflops: Spread;
  readonly parameters: number;
  readonly test: MethodTest | null;
}

/** A comparison in figures. */
export interface Summary {
  /** In the order in which they are shown. */
  readonly modalities: readonly string[];
  /** In the order in which they were run. */
  readonly methods: readonly MethodSummary[];
  /** Label of the baseline with the highest mean fused test accuracy: the strictest choice to be tested against. */
  readonly bestBaseline: string | null;
}

/** The protocols of a comparison's cells, in order of appearance. */
export function protocolsOf({ cells }: ComparisonRecord): ProtocolRecord[] {
  return [...new Map(cells.map(({ protocol }) => [protocol.label, protocol])).values()];
}

/** The cells of one protocol; default: of the first one. */
export function cellsUnder(
  comparison: Pick<ComparisonRecord, "cells">,
  label: string | undefined = comparison.cells[0]?.protocol.label,
): CellRecord[] {
  return comparison.cells.filter(({ protocol }) => protocol.label === label);
}

/**
 * Sums a comparison up: one row a method, with means and deviations over its tested seeds.
 *
 * @param label - of the protocol; default: the first one
 */
export function summarise(
  comparison: Pick<ComparisonRecord, "cells"> & {
    readonly data: Pick<ComparisonRecord["data"], "modalities">;
  },
  label?: string,
): Summary {
  const cells = cellsUnder(comparison, label);
  const groups = groupByMethod(cells);
  const lone = cells.filter((cell) => cell.method.yardstick);
  const { modalities } = comparison.data;
  const rows = [...groups.values()].map((cells) => summariseMethod(cells, modalities, lone));
  const baselines = rows.filter((row) => row.method.baseline && row.fused !== null);
  const best = baselines.reduce<MethodSummary | null>(
    (top, row) => (top === null || fusedMean(row) > fusedMean(top) ? row : top),
    null,
  );
  const tests = best === null ? new Map() : compareWithBestBaseline(groups, best.label);
  return {
    modalities,
    methods: rows.map((row) => ({ ...row, test: tests.get(row.label) ?? null })),
    bestBaseline: best?.label ?? null,
  };
}

/** Cells by the label of their method, in the order of first appearance. */
export function groupByMethod(cells: readonly CellRecord[]): Map<string, CellRecord[]> {
  const groups = new Map<string, CellRecord[]>();
  for (const cell of cells) {
    const group = groups.get(cell.method.label) ?? [];
    group.push(cell);
    groups.set(cell.method.label, group);
  }
  return groups;
}

function fusedMean(row: MethodSummary): number {
  return row.fused?.accuracy.mean ?? Number.NEGATIVE_INFINITY;
}

function summariseMethod(
  cells: readonly CellRecord[],
  modalities: readonly string[],
  lone: readonly CellRecord[],
): Omit<MethodSummary, "test"> & { test: null } {
  const { method, parameters } = cells[0] as CellRecord;
  const fused = cells.flatMap((cell) => cell.test?.fused ?? []);
  const summaries: Record<string, ModalitySummary> = {};
  for (const modality of modalities) {
    const summary = summariseModality(cells, modality, lone);
    if (summary !== null) summaries[modality] = summary;
  }
  return {
    label: method.label,
    method,
    seeds: cells.filter((cell) => cell.test !== null).map((cell) => cell.seed),
    interruptedSeeds: cells.filter((cell) => cell.interrupted).map((cell) => cell.seed),
    fused: fused.length === 0 ? null : summariseFused(fused),
    modalities: summaries,
    seconds: spreadOf(cells.map((cell) => cell.seconds)),
    gflops: spreadOf(cells.map((cell) => cell.flops / 1e9)),
    parameters,
    test: null,
  };
}

function summariseFused(scores: readonly Scores[]): FusedSummary {
  return {
    accuracy: spreadOf(scores.map((score) => score.accuracy)),
    macroF1: spreadOf(scores.map((score) => score.macroF1)),
    meanAveragePrecision: spreadOf(scores.map((score) => score.meanAveragePrecision)),
    nll: spreadOf(scores.map((score) => score.nll)),
    calibrationError: spreadOf(scores.map((score) => score.calibrationError)),
  };
}

function summariseModality(
  cells: readonly CellRecord[],
  modality: string,
  lone: readonly CellRecord[],
): ModalitySummary | null {
  const tested = cells.flatMap((cell) => {
    const record = cell.test?.modalities[modality];
    return record === undefined ? [] : [{ cell, record }];
  });
  const first = tested[0];
  if (first === undefined) return null;
  const probes = tested.flatMap(({ record }) => record.probe ?? []);
  const gaps = tested.flatMap(({ cell, record }) => {
    const alone = cell.method.yardstick ? undefined : loneResult(lone, modality, cell.seed);
    return alone === undefined ? [] : [{ record, alone }];
  });
  const probeGaps = gaps.flatMap(({ record, alone }) =>
    record.probe === null ? [] : [(alone.probe ?? alone.head).accuracy - record.probe.accuracy],
  );
  return {
    headKind: first.record.headKind,
    head: spreadOf(tested.map(({ record }) => record.head.accuracy)),
    headMacroF1: spreadOf(tested.map(({ record }) => record.head.macroF1)),
    probe: spreadOrNull(probes.map((probe) => probe.accuracy)),
    probeMacroF1: spreadOrNull(probes.map((probe) => probe.macroF1)),
    gapByHead: spreadOrNull(
      gaps.map(({ record, alone }) => alone.head.accuracy - record.head.accuracy),
    ),
    gapByProbe: spreadOrNull(probeGaps),
  };
}

/** What a modality reached when trained alone from the same seed. */
function loneResult(
  lone: readonly CellRecord[],
  modality: string,
  seed: number,
): ModalityTestRecord | undefined {
  return lone.find((cell) => cell.seed === seed && cell.test?.modalities[modality] !== undefined)
    ?.test?.modalities[modality];
}

function spreadOrNull(values: readonly number[]): Spread | null {
  return values.length === 0 ? null : spreadOf(values);
}
