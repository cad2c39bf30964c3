import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/engine/errors.ts";
import { dropout } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const KEY = { seed: 7, stream: 3 };

/** Where `n` ones are kept. */
function kept(n: number, p: number, key: typeof KEY & { step?: number }): boolean[] {
  return engine.scope(() => [...dropout(engine.tensor(1, [n]), p, key).toArray()].map(Boolean));
}

describe("dropout()", () => {
  it("drops the share p and keeps the mean", () => {
    engine.scope(() => {
      const values = dropout(engine.tensor(1, [40_000]), 0.25, KEY).toArray();
      const share = values.filter((v) => v === 0).length / values.length;
      // Three standard deviations of a binomial share: 3 sqrt(.25 .75 / 40000).
      expect(Math.abs(share - 0.25)).toBeLessThan(0.0065);
      expect(values.every((v) => v === 0 || v === Math.fround(4 / 3))).toBe(true);
    });
  });

  it("gives the same mask again, whatever the size, and another for each part of the key", () => {
    const mask = kept(64, 0.5, KEY);
    expect(kept(64, 0.5, KEY)).toEqual(mask);
    expect(kept(64, 0.5, { ...KEY, step: 0 })).toEqual(mask);
    expect(kept(7, 0.5, KEY)).toEqual(mask.slice(0, 7));
    for (const other of [{ seed: 8 }, { stream: 4 }, { step: 1 }]) {
      expect(kept(64, 0.5, { ...KEY, ...other })).not.toEqual(mask);
    }
  });

  it("gives x back at p = 0, and refuses probabilities and keys out of range", () => {
    engine.scope(() => {
      const x = engine.tensor([1, 2]);
      expect(dropout(x, 0, KEY)).toBe(x);
      expect(() => dropout(x, 1, KEY)).toThrow(OptionError);
      expect(() => dropout(x, Number.NaN, KEY)).toThrow("expected a probability from 0 to below 1");
      expect(() => dropout(x, 0.5, { ...KEY, seed: -1 })).toThrow(
        "dropout: Cannot use the seed: expected an integer from 0 to 4294967295, got -1",
      );
    });
  });
});
