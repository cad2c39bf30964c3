import fc from "fast-check";
import type { FusedLogits, LabelledModalityLogits } from "../../src/fusion/fusion.ts";
import { arbitraryVector } from "../support/arbitraries.ts";

export const MODALITIES = ["audio", "image", "text"] as const;
export const RUNS = { seed: 31, numRuns: 100 };

/** Samples with labels; each lacks some of the modalities but never all, and NaN stands where one is missing. */
export const arbitraryData: fc.Arbitrary<LabelledModalityLogits> = fc
  .record({ size: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 2, max: 6 }) })
  .chain(({ size, classes }) =>
    fc.record({
      values: arbitraryVector(MODALITIES.length * size * classes),
      masks: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: size, maxLength: size }),
      labels: fc.array(fc.nat(classes - 1), { minLength: size, maxLength: size }),
      size: fc.constant(size),
      classes: fc.constant(classes),
    }),
  )
  .map(({ values, masks, labels, size, classes }) => {
    const entries = MODALITIES.map((m, j) => {
      const present = Uint8Array.from(masks, (mask) => (mask >> j) & 1);
      const own = Float32Array.from(
        values.slice(j * size * classes, (j + 1) * size * classes),
        (value, at) => (present[Math.floor(at / classes)] === 1 ? 3 * value : Number.NaN),
      );
      return [m, own, present] as const;
    });
    return {
      size,
      classes,
      labels,
      logits: Object.fromEntries(entries.map(([m, own]) => [m, own])),
      present: Object.fromEntries(entries.map(([m, , present]) => [m, present])),
    };
  });

export function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

/** Modality m's weight in the logits of sample i. */
export function shareOf({ weights }: FusedLogits, m: string, i: number): number {
  return weights?.[m]?.[i] as number;
}
