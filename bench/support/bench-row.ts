/** A measured row, and how it reads. */
import type { WorkUnit } from "./bench-case.ts";
import type { Timing } from "./measure.ts";

export interface BenchRow {
  readonly group: string;
  readonly name: string;
  readonly timing?: Timing;
  readonly unit?: WorkUnit;
  /** Units of work of one call. */
  readonly work?: number;
  /** Units of work per second, of the fastest call. */
  readonly rate?: number;
  /** Of the peak: the fastest and the median call. FLOP rows only. */
  readonly ofPeak?: { readonly best: number; readonly median: number };
  /** What is no time. */
  readonly quantity?: { readonly value: number; readonly unit: string };
  /** Why there is no figure. */
  readonly skipped?: string;
}

const HEADINGS = ["row", "median", "min", "spread", "rate", "of peak", "(median)"] as const;

/** The table's cells, headings first, a group's title as a row of one cell. */
export function benchCells(rows: readonly BenchRow[]): string[][] {
  const cells: string[][] = [[...HEADINGS]];
  let group = "";
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      cells.push([group]);
    }
    cells.push(rowCells(row));
  }
  return cells;
}

function rowCells({ name, timing, unit, rate, ofPeak, quantity, skipped }: BenchRow): string[] {
  if (skipped !== undefined) return [name, `skipped: ${skipped}`];
  if (quantity !== undefined) return [name, `${quantity.value} ${quantity.unit}`];
  if (timing === undefined) return [name];
  return [
    name,
    formatSeconds(timing.median),
    formatSeconds(timing.min),
    `${(100 * timing.spread).toFixed(0)} %`,
    rate === undefined || unit === undefined || unit === "op" ? "" : formatRate(rate, unit),
    ofPeak === undefined ? "" : formatShare(ofPeak.best),
    ofPeak === undefined ? "" : formatShare(ofPeak.median),
  ];
}

export function formatSeconds(seconds: number): string {
  if (seconds < 1e-6) return `${(seconds * 1e9).toFixed(1)} ns`;
  if (seconds < 1e-3) return `${(seconds * 1e6).toPrecision(3)} us`;
  if (seconds < 1) return `${(seconds * 1e3).toPrecision(3)} ms`;
  return `${seconds.toPrecision(3)} s`;
}

function formatRate(rate: number, unit: WorkUnit): string {
  if (unit === "FLOP") return `${(rate / 1e9).toFixed(1)} GFLOP/s`;
  if (unit === "elem") return `${(rate / 1e9).toFixed(2)} Gelem/s`;
  if (unit === "pixel") return `${(rate / 1e6).toFixed(0)} Mpixel/s`;
  return `${rate.toFixed(0)} ${unit}s/s`;
}

function formatShare(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
