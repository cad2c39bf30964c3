/** What a trained model makes of each modality, beyond scores: its share in the result, and where its features lie. */
import { type Dataset, modalityNames } from "../../data/dataset.ts";
import { keepModalities } from "../../data/keep-modalities.ts";
import type { FittedFusion } from "../../fusion/fusion.ts";
import {
  correctness,
  modalityGap,
  predictClasses,
  principalPlane,
  shapleyValues,
  unitRows,
} from "../../metrics/index.ts";
import { packFloats, type TestRecord } from "../../report/index.ts";
import { fuseOutputs } from "../../train/fuse-outputs.ts";
import type { Model } from "../../train/model.ts";

/** Samples of each modality in the projection. */
const SHOWN = 200;

/**
 * Shapley value of each modality on the fused accuracy. A sample that has none of a subset's modalities is taken for one
 * of the most frequent class of the training part.
 */
export function modalityShares(
  model: Model<string>,
  fusion: FittedFusion | null,
  train: Dataset,
  test: Dataset,
): Record<string, number> {
  const counts = train.classes.map((_, c) => train.labels.filter((label) => label === c).length);
  const guess = counts.indexOf(Math.max(...counts));
  return shapleyValues(modalityNames(test), (kept) => {
    const { part, rows } = keepModalities(test, kept);
    let right = 0;
    const seen = new Set(rows);
    test.labels.forEach((label, i) => {
      if (!seen.has(i) && label === guess) right++;
    });
    if (rows.length > 0) {
      const fused = fuseOutputs(model.outputs(part), fusion);
      const said = predictClasses(fused?.logits ?? [], test.classes.length);
      for (const hit of correctness(said, part.labels)) right += hit;
    }
    return right / test.size;
  });
}

/** Modality gap, and the features on their principal plane. */
export function featureGeometry(
  features: Readonly<Record<string, Float32Array>>,
  dim: number,
): Pick<TestRecord, "modalityGap" | "plane"> {
  const entries = Object.entries(features);
  const gaps = entries.flatMap(([, a], i) =>
    entries.slice(i + 1).flatMap(([, b]) => modalityGap(a, b, dim) ?? []),
  );
  const shown = entries.map(([, values]) => unitRows(values, dim).slice(0, SHOWN * dim));
  const plane = principalPlane(Float64Array.from(shown.flatMap((rows) => [...rows])), dim);
  let start = 0;
  const places = entries.map(([name], i) => {
    const end = start + (2 * (shown[i]?.length ?? 0)) / dim;
    const own = packFloats(Float32Array.from(plane.subarray(start, end)));
    start = end;
    return [name, own] as const;
  });
  return {
    modalityGap: gaps.length === 0 ? null : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    plane: Object.fromEntries(places),
  };
}
