import { join } from "node:path";
import { type ComparisonRecord, gapPoints } from "../../report/index.ts";
import { readIfThere } from "../read-if-there.ts";

/**
 * Modality gap and accuracy of the methods of an earlier run on the same data.
 *
 * @returns undefined if there is no such run, or it is of other data
 */
export async function readGapPoints(
  runs: string,
  run: string,
  dataHash: string,
): Promise<ComparisonRecord["gapPoints"]> {
  const bytes = await readIfThere(join(runs, run, "results.json"));
  if (bytes === undefined) return undefined;
  const record: ComparisonRecord = JSON.parse(new TextDecoder().decode(bytes));
  return record.data.hash === dataHash ? { run, points: gapPoints(record) } : undefined;
}
