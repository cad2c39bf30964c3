import type { CellRecord, ComparisonRecord } from "../records.ts";
import type { Summary } from "../summary.ts";
import type { SampleIndex } from "./sample-index.ts";

/** What every section is drawn from. */
export interface ReportContext {
  readonly comparison: ComparisonRecord;
  readonly summary: Summary;
  /** Cells by the label of their method. */
  readonly groups: ReadonlyMap<string, readonly CellRecord[]>;
  readonly samples: SampleIndex;
}

/** Number of different colours for modalities; more modalities take them in turn. */
const COLOURS = 6;

/** CSS value of a modality's colour: the same in every chart. */
export function modalityColour(context: ReportContext, modality: string): string {
  return `var(--m${context.summary.modalities.indexOf(modality) % COLOURS})`;
}
