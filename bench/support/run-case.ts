import type { Engine } from "../../src/index.ts";
import { type BenchCase, type Measurable, SkippedRow, type Work } from "./bench-case.ts";
import type { BenchRow } from "./bench-row.ts";
import { type Budget, measure, summarise, type Timing } from "./measure.ts";
import type { Peak } from "./peak.ts";

/** A row before the peak of the whole run is known. */
export type Measured = Omit<BenchRow, "ofPeak">;

/** Checks and measures one case on an engine of its own, so that no row lives on another's memory. */
export async function runCase(
  group: string,
  bench: BenchCase,
  createEngine: () => Promise<Engine>,
  peak: Peak,
  budget: Budget,
  quick: boolean,
): Promise<Measured> {
  const row = { group, name: bench.name };
  const engine = await createEngine();
  try {
    const ready = await bench.prepare(engine, { quick });
    if ("quantity" in ready) {
      return { ...row, quantity: { value: ready.quantity, unit: ready.unit } };
    }
    const timing = timeOf(ready, peak, budget);
    return bench.work === undefined
      ? { ...row, timing }
      : { ...row, timing, ...rateOf(bench.work, timing) };
  } catch (error) {
    if (error instanceof SkippedRow) return { ...row, skipped: error.message };
    throw error;
  } finally {
    await engine.dispose();
  }
}

function timeOf(
  ready: Exclude<Measurable, { quantity: number }>,
  peak: Peak,
  budget: Budget,
): Timing {
  if ("seconds" in ready) return summarise(ready.seconds);
  return measure(ready.run, ready.calls ?? 1, budget, () => peak.probe());
}

function rateOf({ amount, unit }: Work, { min }: Timing) {
  return { work: amount, unit, rate: amount / min };
}

/** Adds the shares of the peak to rows of floating-point work. */
export function withPeak(row: Measured, peakFlops: number): BenchRow {
  const { timing, unit, work } = row;
  if (timing === undefined || work === undefined || unit !== "FLOP") return row;
  const share = (seconds: number): number => work / seconds / peakFlops;
  return { ...row, ofPeak: { best: share(timing.min), median: share(timing.median) } };
}
