import type { BatchProgress, Engine } from "altermodal";
import type { LabEvent } from "./protocol.ts";

/** Least time between two reports of progress. */
const REPORT_MS = 100;

/** Tells of a training's progress a few times a second, and at the end of each epoch. */
export function reporter(
  engine: Engine,
  emit: (event: LabEvent) => void,
): (batch: BatchProgress) => void {
  let last = 0;
  return (batch) => {
    const now = performance.now();
    if (now - last < REPORT_MS && batch.batch < batch.batches) return;
    last = now;
    const { measures = null, ...progress } = batch;
    emit({ type: "progress", progress: { ...progress, measures, memory: engine.memory() } });
  };
}
