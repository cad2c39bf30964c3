import { evaluateLogits, type LabelledLogits, type Scores } from "./scores.ts";

/** How a model fares on the samples that have exactly some modalities. */
export interface PatternScore extends Omit<Scores, "perClass" | "confusion"> {
  /** The modalities that these samples have, in the order of declaration. */
  readonly present: readonly string[];
}

/**
 * Scores by missing pattern: samples that have the same modalities are judged together.
 *
 * @param present - per modality [samples]: 1 where the sample has it
 * @returns the patterns that occur, those with more modalities first
 * @throws as {@link evaluateLogits}
 */
export function patternScores(
  present: Readonly<Record<string, ArrayLike<number>>>,
  { logits, labels, classes }: LabelledLogits,
): PatternScore[] {
  const names = Object.keys(present);
  const found = new Map<string, { present: string[]; rows: number[] }>();
  for (let i = 0; i < labels.length; i++) {
    const own = names.filter((name) => present[name]?.[i] === 1);
    const key = own.join("\n");
    const pattern = found.get(key) ?? { present: own, rows: [] };
    pattern.rows.push(i);
    found.set(key, pattern);
  }
  const place = ({ present: own }: { present: string[] }) => names.indexOf(own[0] ?? "");
  return [...found.values()]
    .sort((a, b) => b.present.length - a.present.length || place(a) - place(b))
    .map(({ present: own, rows }) => {
      const part = rows.flatMap((row) =>
        Array.from({ length: classes }, (_, c) => logits[row * classes + c] as number),
      );
      const {
        perClass: _,
        confusion: __,
        ...scores
      } = evaluateLogits({
        logits: part,
        labels: rows.map((row) => labels[row] as number),
        classes,
      });
      return { present: own, ...scores };
    });
}
