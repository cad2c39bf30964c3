import type { BatchProgress } from "../../train/config.ts";
import type { EpochRecord } from "../../train/epoch-record.ts";
import type { GridStand } from "./grid-progress.ts";

/** Which training of a run. */
export interface CellName {
  readonly label: string;
  readonly seed: number;
}

/** What a run tells while it works. */
export type RunEvent =
  | { readonly type: "message"; readonly text: string }
  | (CellName & {
      readonly type: "batch";
      readonly progress: BatchProgress;
      readonly grid: GridStand;
    })
  | (CellName & { readonly type: "epoch"; readonly record: EpochRecord; readonly grid: GridStand })
  | (CellName & {
      readonly type: "cell";
      readonly outcome: "trained" | "kept" | "stopped" | "failed";
      /** Why it failed. */
      readonly reason: string | null;
      readonly seconds: number;
      readonly selectedEpoch: number | null;
      readonly grid: GridStand;
    });

export interface RunHooks {
  readonly signal: AbortSignal;
  onEvent(event: RunEvent): void;
}
