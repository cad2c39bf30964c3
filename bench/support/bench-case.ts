/** What a benchmark is: a name, the work of one call, and how to make ready for it. */
import type { Engine } from "../../src/index.ts";

/** What is counted: `FLOP` rows get a share of the peak, the others a rate. */
export type WorkUnit = "FLOP" | "elem" | "pixel" | "sample" | "op";

export interface Work {
  readonly amount: number;
  readonly unit: WorkUnit;
}

/** Ready to be timed. */
export type Measurable =
  /** A call to repeat; it does the work `calls` times (default 1), as a timer is too coarse for one. */
  | { readonly run: () => void; readonly calls?: number }
  /** Seconds that were taken elsewhere, as in fresh processes. */
  | { readonly seconds: readonly number[] }
  /** No time at all. */
  | { readonly quantity: number; readonly unit: string };

export interface BenchCase {
  /** The same words name the same workload in bench/peers. */
  readonly name: string;
  /** Of one call. */
  readonly work?: Work;
  /**
   * Builds the inputs and checks the result.
   *
   * @throws {WrongResult} if the result is not what it should be: a wrong result has no speed
   * @throws {SkippedRow} if something that it needs is missing
   */
  prepare(engine: Engine, options: { readonly quick: boolean }): Measurable | Promise<Measurable>;
}

export interface BenchGroup {
  readonly title: string;
  readonly cases: readonly BenchCase[];
}

/** A row that cannot be measured here, with the reason. */
export class SkippedRow extends Error {
  override readonly name = "SkippedRow";
}

/** A row whose result is wrong. */
export class WrongResult extends Error {
  override readonly name = "WrongResult";
}
