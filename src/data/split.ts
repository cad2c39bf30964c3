/** A fair split: every class in every part, no group in two parts. */
import { DataError, OptionError } from "../engine/errors.ts";
import { Random } from "../random.ts";

/** The parts, in the order in which they are numbered and shown. */
export const PARTS = ["train", "validation", "test"] as const;

/** A part of a dataset: trained on, chosen with, or opened by the final report alone. */
export type Part = (typeof PARTS)[number];

export interface SplitOptions {
  readonly labels: Int32Array;
  /** A group per sample; default: each sample is its own group. */
  readonly groups?: Int32Array | undefined;
  /** Relative sizes, in rows; they need not sum to 1. A part of size 0 stays empty. */
  readonly fractions: Readonly<Record<Part, number>>;
  readonly seed: number;
}

interface Group {
  readonly rows: number[];
  label: number;
}

/**
 * Splits samples into three parts, stratified by class and whole by group. The groups of a class, in
 * seeded order, go one by one to the part that lacks the largest share of its size. A group with several
 * labels counts for its most frequent one (the lowest of equals).
 *
 * @returns positions per part, ascending; a pure function of the arguments
 * @throws {OptionError} if a fraction is negative or not finite, or all are 0
 * @throws {DataError} if lengths differ or a class would be missing from a part
 */
export function splitGrouped(options: SplitOptions): Record<Part, Int32Array> {
  const { labels, fractions } = options;
  const parts = PARTS.filter((part) => checkFraction(part, fractions[part]) > 0);
  if (parts.length === 0) {
    throw new OptionError("split: Cannot split: expected a fraction above 0, got none");
  }
  const total = parts.reduce((sum, part) => sum + fractions[part], 0);
  const byClass = new Map<number, Group[]>();
  for (const group of collectGroups(labels, options.groups)) {
    byClass.set(group.label, [...(byClass.get(group.label) ?? []), group]);
  }
  const rows: Record<Part, number[]> = { train: [], validation: [], test: [] };
  for (const label of [...byClass.keys()].sort((a, b) => a - b)) {
    const groups = byClass.get(label) as Group[];
    const size = groups.reduce((sum, group) => sum + group.rows.length, 0);
    const filled: Record<Part, number> = { train: 0, validation: 0, test: 0 };
    const order = Int32Array.from(groups.keys());
    for (const index of new Random(options.seed, `split/${label}`).shuffle(order)) {
      const group = groups[index] as Group;
      const part = neediest(parts, (p) => 1 - filled[p] / ((size * fractions[p]) / total));
      filled[part] += group.rows.length;
      rows[part].push(...group.rows);
    }
  }
  checkParts(labels, parts, rows);
  return {
    train: Int32Array.from(rows.train).sort(),
    validation: Int32Array.from(rows.validation).sort(),
    test: Int32Array.from(rows.test).sort(),
  };
}

/** The part with the largest need; the first of equals. */
function neediest(parts: readonly Part[], need: (part: Part) => number): Part {
  return parts.reduce((best, part) => (need(part) > need(best) ? part : best));
}

function checkFraction(part: Part, fraction: number): number {
  if (Number.isFinite(fraction) && fraction >= 0) return fraction;
  throw new OptionError(
    `split: Cannot size part "${part}": expected a finite number of at least 0, got ${fraction}`,
  );
}

function collectGroups(labels: Int32Array, groups: Int32Array | undefined): Group[] {
  if (groups && groups.length !== labels.length) {
    throw new DataError(
      `split: Cannot group the samples: expected ${labels.length} groups, got ${groups.length}`,
    );
  }
  const found = new Map<number, Group>();
  for (let row = 0; row < labels.length; row++) {
    const key = groups ? (groups[row] as number) : row;
    const group = found.get(key) ?? { rows: [], label: 0 };
    group.rows.push(row);
    found.set(key, group);
  }
  for (const group of found.values()) group.label = commonLabel(group.rows, labels);
  return [...found.values()];
}

function commonLabel(rows: readonly number[], labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const label = labels[row] as number;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return (best as [number, number])[0];
}

function checkParts(
  labels: Int32Array,
  parts: readonly Part[],
  rows: Readonly<Record<Part, number[]>>,
): void {
  const all = new Set(labels);
  for (const part of parts) {
    const seen = new Set(rows[part].map((row) => labels[row] as number));
    for (const label of all) {
      if (seen.has(label)) continue;
      throw new DataError(
        `split: Cannot fill part "${part}": expected every class, got no sample of class ${label}; it has too few groups`,
      );
    }
  }
}
