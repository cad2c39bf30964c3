/** How a model fares on the samples that have exactly some modalities. */
export interface PatternScore {
  /** The modalities that these samples have, in the order of declaration. */
  readonly present: readonly string[];
  readonly samples: number;
  /** In [0, 1]. */
  readonly accuracy: number;
}

/**
 * Accuracy by missing pattern: samples that have the same modalities are judged together.
 *
 * @param present - per modality [samples]: 1 where the sample has it
 * @param hits - [samples]: 1 where the prediction is right
 * @returns the patterns that occur, those with more modalities first
 */
export function patternAccuracy(
  present: Readonly<Record<string, ArrayLike<number>>>,
  hits: ArrayLike<number>,
): PatternScore[] {
  const names = Object.keys(present);
  const found = new Map<string, { present: string[]; samples: number; right: number }>();
  for (let i = 0; i < hits.length; i++) {
    const own = names.filter((name) => present[name]?.[i] === 1);
    const key = own.join("\n");
    const pattern = found.get(key) ?? { present: own, samples: 0, right: 0 };
    pattern.samples++;
    pattern.right += hits[i] as number;
    found.set(key, pattern);
  }
  const place = ({ present: own }: PatternScore) => names.indexOf(own[0] ?? "");
  return [...found.values()]
    .map(({ present: own, samples, right }) => ({
      present: own,
      samples,
      accuracy: right / samples,
    }))
    .sort((a, b) => b.present.length - a.present.length || place(a) - place(b));
}
