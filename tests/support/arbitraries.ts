import fc from "fast-check";

/** A number in [-3, 3] that f32 holds exactly. */
export const arbitraryValue = fc
  .integer({ min: -3000, max: 3000 })
  .map((n) => Math.fround(n / 1000));

export function arbitraryVector(d: number): fc.Arbitrary<number[]> {
  return fc.array(arbitraryValue, { minLength: d, maxLength: d });
}

/** 10^-6 .. 10, each power of ten as likely as the others. */
export const arbitraryAlpha = fc
  .integer({ min: -60, max: 10 })
  .map((tenths) =>
    Number(`${10 ** ((((tenths % 10) + 10) % 10) / 10)}e${Math.floor(tenths / 10)}`),
  );

export interface Memory {
  readonly r: number[];
  readonly alpha: number;
}

/** A dimension, and vectors of that dimension each with an alpha of its own. */
export function arbitraryMemories(
  maxDimension = 9,
  maxCount = 12,
): fc.Arbitrary<{ d: number; memories: Memory[] }> {
  return fc.integer({ min: 1, max: maxDimension }).chain((d) =>
    fc
      .array(fc.record({ r: arbitraryVector(d), alpha: arbitraryAlpha }), {
        minLength: 1,
        maxLength: maxCount,
      })
      .map((memories) => ({ d, memories })),
  );
}
