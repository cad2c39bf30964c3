/** Labels that the visitor changed, and samples that were dropped, beside data that stay as they are. */
import { type Dataset, subset } from "altermodal";

/** In the place of a label. */
export const DROPPED = -1;

export class Edits {
  readonly #labels = new Map<number, number>();

  /** @param label - a class, or {@link DROPPED} */
  set(index: number, label: number): void {
    this.#labels.set(index, label);
  }

  /** Labels with the changes. */
  labels({ labels }: Dataset): Int32Array {
    return labels.map((label, i) => this.#labels.get(i) ?? label);
  }

  /** The data with the changes, without what was dropped. */
  apply(dataset: Dataset): Dataset {
    if (this.#labels.size === 0) return dataset;
    const labels = this.labels(dataset);
    const rows = [...labels.keys()].filter((i) => labels[i] !== DROPPED);
    return subset({ ...dataset, labels }, rows);
  }
}
