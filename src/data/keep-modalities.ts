import { type Dataset, hasModality, mask, modalityNames, subset } from "./dataset.ts";

/** Part of a dataset that has some of its modalities. */
export interface KeptModalities<M extends string> {
  /** Without the samples that have none of them; may be empty. */
  readonly part: Dataset<M>;
  /** Positions of the part's samples in the whole. */
  readonly rows: Int32Array;
}

/**
 * Masks all modalities but the given ones, and leaves out the samples that then have none.
 *
 * @throws {DataError} if a modality is unknown
 */
export function keepModalities<M extends string>(
  dataset: Dataset<M>,
  kept: readonly M[],
): KeptModalities<M> {
  const none = new Uint8Array(dataset.size);
  const dropped = modalityNames(dataset).filter((m) => !kept.includes(m));
  const masked = mask(
    dataset,
    Object.fromEntries(dropped.map((m) => [m, none])) as { [K in M]?: Uint8Array },
  );
  const rows = Int32Array.from(masked.labels.keys()).filter((row) =>
    Object.values<Dataset["modalities"][string]>(masked.modalities).some((data) =>
      hasModality(data, row),
    ),
  );
  return { part: rows.length === dataset.size ? masked : subset(masked, rows), rows };
}
