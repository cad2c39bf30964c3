/** Looks at the test part are counted, and none goes unrecorded. */
import { DataError } from "../engine/errors.ts";
import type { Dataset } from "./dataset.ts";

/** Proof that an opening of the test part was written down first. */
export interface TestOpening {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly dataHash: string;
  /** The command that opened the test part. */
  readonly command: string;
  /** The run it was opened for. */
  readonly run: string;
}

/** Counts how often the test part of some data was looked at; only ever appended to. */
export interface TestLedger {
  /** Writes an opening down and returns it, for `openTest`. */
  record(opening: Omit<TestOpening, "time">): Promise<TestOpening>;
  /** Openings of the data so far, over all runs. */
  count(dataHash: string): Promise<number>;
}

/**
 * The guarded way to the test part.
 *
 * @param open - builds the test part
 */
export function guardTest<M extends string>(
  manifest: { readonly name: string; readonly dataHash: string },
  open: () => Dataset<M>,
): (opening: TestOpening) => Dataset<M> {
  return (opening) => {
    if (opening?.dataHash !== manifest.dataHash) {
      throw new DataError(
        `${manifest.name}: Cannot open the test part: expected a ledger entry for data ${manifest.dataHash}, got ${opening?.dataHash}`,
      );
    }
    return open();
  };
}

/** A ledger that lives as long as the page or process: for places without files. */
export function createMemoryLedger(): TestLedger {
  const openings: TestOpening[] = [];
  return {
    async record(opening) {
      const entry = { time: new Date().toISOString(), ...opening };
      openings.push(entry);
      return entry;
    },
    async count(dataHash) {
      return openings.filter((entry) => entry.dataHash === dataHash).length;
    },
  };
}
