import { describe, expect, it } from "vitest";
import {
  buildSchedule,
  constant,
  cosineDecay,
  linearDecay,
  stepDecay,
} from "../../src/optim/schedule.ts";

const at = (config: Parameters<typeof buildSchedule>[0], steps: number[]) =>
  steps.map((step) => buildSchedule(config)(step, 100));

describe("schedules", () => {
  it("constant", () => expect(at(constant(), [0, 99])).toEqual([1, 1]));

  it("step decay drops once at 70 %", () => {
    expect(at(stepDecay(), [0, 69, 70, 99])).toEqual([1, 1, 0.1, 0.1]);
  });

  it("step decay drops again at equal distances", () => {
    const factors = at(stepDecay({ at: 0.5, factor: 0.5, drops: 2 }), [49, 50, 74, 75]);
    expect(factors).toEqual([1, 0.5, 0.5, 0.25]);
  });

  it("linear decay climbs, then falls", () => {
    const factors = at(linearDecay({ warmup: 0.2 }), [0, 10, 20, 60]);
    expect(factors).toEqual([0, 0.5, 1, 0.5]);
  });

  it("cosine decay is half a cosine", () => {
    for (const [i, factor] of at(cosineDecay(), [0, 10, 50, 90, 100]).entries()) {
      const x = [0, 0.1, 0.5, 0.9, 1][i] as number;
      expect(factor).toBeCloseTo((1 + Math.cos(Math.PI * x)) / 2, 8);
    }
  });
});
