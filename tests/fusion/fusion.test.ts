import { describe, expect, it } from "vitest";
import { exp, log } from "../../src/engine/math.ts";
import type { ModalityLogits } from "../../src/fusion/fusion.ts";
import { fitFusion, restoreFusion } from "../../src/fusion/fusion.ts";
import {
  entropy,
  fixed,
  meanOfLogits,
  meanOfProbabilities,
  productOfExperts,
  scales,
} from "../../src/fusion/index.ts";

/** Two samples, two classes; the second lacks "sound". */
const input: ModalityLogits = {
  size: 2,
  classes: 2,
  logits: { image: Float32Array.of(4, 0, 1, 3), sound: Float32Array.of(0.5, 0, NaN, NaN) },
  present: { image: Uint8Array.of(1, 1), sound: Uint8Array.of(1, 0) },
};

describe("fusion rules", () => {
  it("entropy: a sure modality outweighs an unsure one, a missing one gets nothing", () => {
    const { logits, weights } = fitFusion(entropy()).fuse(input);
    const h = (a: number) => log(1 + exp(-a)) + (a * exp(-a)) / (1 + exp(-a));
    const share = exp(h(0.5)) / (exp(h(0.5)) + exp(h(4)));
    expect(weights?.image?.[0]).toBeCloseTo(share, 6);
    expect(logits[0]).toBeCloseTo(4 * share + 0.5 * (1 - share), 5);
    expect([weights?.image?.[1], weights?.sound?.[1]]).toEqual([1, 0]);
    expect([...logits.subarray(2)]).toEqual([1, 3]);
  });

  it("entropy: sharpness 0 is the mean of logits", () => {
    const mean = fitFusion(meanOfLogits()).fuse(input).logits;
    expect(fitFusion(entropy({ sharpness: 0 })).fuse(input).logits).toEqual(mean);
    expect([...mean]).toEqual([2.25, 0, 1, 3]);
  });

  it("mean of probabilities: softmax of the result is the mean", () => {
    const { logits } = fitFusion(meanOfProbabilities()).fuse(input);
    const p = (a: number) => 1 / (1 + exp(-a));
    expect(exp(logits[0] as number)).toBeCloseTo((p(4) + p(0.5)) / 2, 6);
  });

  it("fixed: weights are scaled to the modalities that are present", () => {
    const rule = fitFusion(fixed({ weights: { image: 3, sound: 1 } }));
    const { logits, weights } = rule.fuse(input);
    expect(logits[0]).toBeCloseTo(0.75 * 4 + 0.25 * 0.5, 6);
    expect(weights?.image?.[1]).toBe(1);
    expect(() => fitFusion(fixed({ weights: { image: 1 } })).fuse(input)).toThrow(
      'fixed: Cannot weigh modality "sound": expected a weight above 0, got none',
    );
  });

  it("scales: a useless modality is scaled down, and fitted values come back from JSON", () => {
    const size = 200;
    const labels = Int32Array.from({ length: size }, (_, i) => i % 2);
    const good = Float32Array.from({ length: 2 * size }, (_, j) =>
      j % 2 === (j >> 1) % 2 ? 1 : -1,
    );
    const bad = Float32Array.from({ length: 2 * size }, (_, j) => ((j * 7919) % 13) / 3 - 2);
    const all = new Uint8Array(size).fill(1);
    const data = { size, classes: 2, logits: { good, bad }, present: { good: all, bad: all } };
    const rule = fitFusion(scales(), { ...data, labels });
    const { weights, logits } = rule.fuse(data);
    expect(weights?.good?.[0] as number).toBeGreaterThan(0.8);
    const again = restoreFusion(scales(), JSON.parse(JSON.stringify(rule.state())));
    expect(again.fuse(data).logits).toEqual(logits);
  });

  it("entropy: calibration lowers the weight of an over-confident modality", () => {
    const size = 120;
    const labels = Int32Array.from({ length: size }, (_, i) => i % 2);
    const liar = Float32Array.from({ length: 2 * size }, (_, j) => {
      const says = ((j >> 1) * 5) % 3 === 0 ? 1 : 0;
      return j % 2 === says ? 9 : -9;
    });
    const modest = Float32Array.from({ length: 2 * size }, (_, j) =>
      j % 2 === (j >> 1) % 2 ? 1 : -1,
    );
    const all = new Uint8Array(size).fill(1);
    const data = {
      size,
      classes: 2,
      logits: { liar, modest },
      present: { liar: all, modest: all },
    };
    const plain = fitFusion(entropy(), { ...data, labels }).fuse(data).weights;
    const calibrated = fitFusion(entropy({ calibrate: true }), { ...data, labels }).fuse(data);
    expect(calibrated.weights?.liar?.[0] as number).toBeLessThan(plain?.liar?.[0] as number);
  });

  it("product of experts: the prior counts once, not once per modality", () => {
    const labels = Int32Array.of(0, 0);
    const rule = fitFusion(productOfExperts(), { ...input, labels });
    const prior = [log(3 / 4), log(1 / 4)];
    const { logits } = rule.fuse(input);
    const logOdds = (logits[0] as number) - (logits[1] as number);
    expect(logOdds).toBeCloseTo(4.5 - (prior[0] as number) + (prior[1] as number), 5);
    expect((logits[2] as number) - (logits[3] as number)).toBeCloseTo(-2, 6);
  });

  it("values of a file that are no finite numbers are refused", () => {
    for (const state of [{ image: "q" }, { image: null }, [1, {}], "q"]) {
      expect(() => restoreFusion(scales(), state)).toThrow(
        'fusion: Cannot take the fitted values of "scales": expected finite numbers',
      );
    }
    expect(restoreFusion(meanOfLogits(), null).fuse(input).logits).toHaveLength(4);
  });

  it("a sample without any modality is an error, not a guess", () => {
    const empty = { image: Uint8Array.of(1, 0), sound: Uint8Array.of(1, 0) };
    expect(() => fitFusion(entropy()).fuse({ ...input, present: empty })).toThrow(
      "fusion: Cannot fuse sample 1: expected at least one modality, got none",
    );
  });
});
