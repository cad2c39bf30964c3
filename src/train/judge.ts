import type { Dataset } from "../data/dataset.ts";
import type { FittedFusion } from "../fusion/fusion.ts";
import type { Outputs } from "../methods/epoch.ts";
import { evaluateQuickly, type QuickScores } from "../metrics/index.ts";
import type { EpochRecord } from "./epoch-record.ts";
import { fuseOutputs } from "./fuse-outputs.ts";

/** Scores of a network's outputs: fused, and each modality alone on the samples that have it. */
export function judge<M extends string>(
  outputs: Outputs<M>,
  dataset: Dataset<M>,
  fusion: FittedFusion | null,
): NonNullable<EpochRecord["validation"]> {
  const { classes } = outputs;
  const fused = fuseOutputs(outputs, fusion);
  const modalities: Record<string, QuickScores> = {};
  for (const m of Object.keys(outputs.alone) as M[]) {
    const own = rowsWith(outputs, dataset.labels, m);
    if (own.labels.length > 0) modalities[m] = evaluateQuickly({ ...own, classes });
  }
  return {
    fused: fused && evaluateQuickly({ logits: fused.logits, labels: dataset.labels, classes }),
    modalities,
  };
}

/** Logits of one modality alone and labels of the samples that have it. */
export function rowsWith<M extends string>(
  { alone, present, classes }: Outputs<M>,
  labels: Int32Array,
  modality: M,
): { logits: Float32Array; labels: Int32Array } {
  const rows = [...present[modality].keys()].filter((i) => present[modality][i] === 1);
  const logits = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    logits.set(alone[modality].subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return { logits, labels: Int32Array.from(rows, (row) => labels[row] as number) };
}
