import { describe, expect, it } from "vitest";
import { dropModalities, presence } from "../../src/methods/completion.ts";
import type { Clock, FeatureSet } from "../../src/methods/method.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const SIZE = 600;
const CLOCK = { seed: 3, epoch: 1, batch: 2 } as Clock;

/** Every sample has "a"; the even ones have "b". Row i of a modality holds its sample's number. */
function drop(modalityDropout: number, visit: (features: FeatureSet<string>) => void): void {
  engine.scope(() => {
    const even = Int32Array.from({ length: SIZE / 2 }, (_, i) => 2 * i);
    const all = Float32Array.from({ length: SIZE }, (_, i) => i);
    const features = {
      a: { values: engine.tensor(all, [SIZE, 1]), rows: null },
      b: {
        values: engine.tensor(Float32Array.from(even), [SIZE / 2, 1]),
        rows: engine.tensor(even, [SIZE / 2], { dtype: "i32" }),
      },
    };
    const options = { modalityDropout, imputation: "none" as const };
    visit(dropModalities({ engine, options } as never, features, SIZE, CLOCK));
  });
}

describe("dropModalities()", () => {
  it("leaves every sample one modality, however many are dropped", () => {
    for (const rate of [0.3, 0.95]) {
      drop(rate, ({ a, b }) => {
        const [hasA, hasB] = [presence(a, SIZE), presence(b, SIZE)];
        expect(hasA.every((has, i) => has + (hasB[i] as number) > 0)).toBe(true);
        expect(hasB.every((has, i) => has === 0 || i % 2 === 0)).toBe(true);
      });
    }
  });

  it("drops at the rate, less what must stay", () => {
    const rate = 0.3;
    drop(rate, ({ b }) => {
      // "b" also stays where both were dropped and it was drawn to stay.
      const expected = rate - (rate * rate) / 2;
      const share = 1 - (b?.values.shape[0] as number) / (SIZE / 2);
      expect(Math.abs(share - expected)).toBeLessThan(0.06);
    });
  });

  it("keeps each row with its sample", () => {
    drop(0.5, (features) => {
      for (const part of Object.values(features)) {
        expect([...(part?.rows?.view() ?? [])]).toEqual([...(part?.values.view() ?? [])]);
      }
    });
  });
});
