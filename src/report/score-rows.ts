import { type PatternScore, type Scores, type Spread, spreadOf } from "../metrics/index.ts";
import type { CellRecord } from "./records.ts";

/** Every score of one prediction, over seeds. */
export interface ScoreRow {
  /** Label of the method. */
  readonly method: string;
  /** What is judged: all modalities together, one of them, or the samples that have just some. */
  readonly of: string;
  readonly samples: number;
  readonly scores: Readonly<Record<ScoreName, Spread>>;
  /** What the modality adds to the fused accuracy; null where that is not asked. */
  readonly shapley: Spread | null;
}

const SCORES = [
  "accuracy",
  "macroF1",
  "meanAveragePrecision",
  "nll",
  "calibrationError",
] as const satisfies readonly (keyof Scores)[];

export type ScoreName = (typeof SCORES)[number];

/** All scores of a method's fused prediction, of each modality by its head, and of each missing pattern if there are several. */
export function scoreRows(
  method: string,
  cells: readonly CellRecord[],
  modalities: readonly string[],
): ScoreRow[] {
  const tests = cells.flatMap(({ test }) => test ?? []);
  const row = (
    of: string,
    all: readonly (Omit<PatternScore, "present"> | undefined)[],
    shapley: readonly number[] = [],
  ): ScoreRow[] => {
    const found = all.filter((scores) => scores !== undefined);
    const [first] = found;
    if (first === undefined) return [];
    const spreads = SCORES.map((name) => [name, spreadOf(found.map((scores) => scores[name]))]);
    return [
      {
        method,
        of,
        samples: first.samples,
        scores: Object.fromEntries(spreads),
        shapley: shapley.length > 0 ? spreadOf(shapley) : null,
      },
    ];
  };
  const patterns = new Set(tests.flatMap(({ patterns }) => patterns.map(patternName)));
  return [
    ...row(
      "fused",
      tests.map(({ fused }) => fused ?? undefined),
    ),
    ...modalities.flatMap((m) =>
      row(
        m,
        tests.map((test) => test.modalities[m]?.head),
        tests.flatMap(({ shapley }) => shapley?.[m] ?? []),
      ),
    ),
    ...(patterns.size > 1 ? [...patterns] : []).flatMap((name) =>
      row(
        name,
        tests.map(({ patterns: own }) => own.find((pattern) => patternName(pattern) === name)),
      ),
    ),
  ];
}

function patternName({ present }: PatternScore): string {
  return `fused, only ${present.join(" + ")}`;
}
