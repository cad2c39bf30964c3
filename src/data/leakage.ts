/** Words that give the class away: a label in disguise makes every text model look good. */
import type { BagData } from "./dataset.ts";

export interface LeakingWord {
  readonly word: string;
  /** Class that the word marks. */
  readonly label: number;
  /** Share of the samples with the word that are of the class. */
  readonly precision: number;
  /** Share of the class's samples that have the word. */
  readonly coverage: number;
}

/**
 * The words that mark a class: precision and coverage both above the limits. Look at training samples
 * only, and remove such words before trusting a result.
 *
 * @param labels - [samples] class of each sample of the bag
 */
export function findLeakingWords(
  bag: BagData,
  labels: Int32Array,
  limits: { readonly precision: number; readonly coverage: number },
): LeakingWord[] {
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const classSizes = new Int32Array(classes);
  const wordSizes = new Int32Array(bag.vocabulary);
  const both = new Int32Array(bag.vocabulary * classes);
  labels.forEach((label, i) => {
    classSizes[label] = (classSizes[label] as number) + 1;
    for (const id of new Set(bag.ids.subarray(bag.offsets[i], bag.offsets[i + 1]))) {
      wordSizes[id] = (wordSizes[id] as number) + 1;
      both[id * classes + label] = (both[id * classes + label] as number) + 1;
    }
  });
  const found: LeakingWord[] = [];
  both.forEach((count, cell) => {
    if (count === 0) return;
    const id = Math.floor(cell / classes);
    const label = cell % classes;
    const precision = count / (wordSizes[id] as number);
    const coverage = count / (classSizes[label] as number);
    if (precision > limits.precision && coverage > limits.coverage) {
      found.push({ word: bag.words?.[id] ?? `${id}`, label, precision, coverage });
    }
  });
  return found;
}
