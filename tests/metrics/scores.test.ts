import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, OptionError, ShapeError } from "../../src/engine/errors.ts";
import {
  averagePrecision,
  confusionCells,
  evaluateLogits,
  evaluateQuickly,
  type LabelledLogits,
  macroF1,
  predictClasses,
} from "../../src/metrics/index.ts";

const SEED = 20240617;

/** A few samples over 1 to 6 classes; coarse values, so that ties between logits and between samples do occur. */
const labelledLogits: fc.Arbitrary<LabelledLogits> = fc
  .record({ classes: fc.integer({ min: 1, max: 6 }), samples: fc.integer({ min: 1, max: 40 }) })
  .chain(({ classes, samples }) =>
    fc.record({
      classes: fc.constant(classes),
      labels: fc.array(fc.integer({ min: 0, max: classes - 1 }), {
        minLength: samples,
        maxLength: samples,
      }),
      logits: fc
        .array(fc.integer({ min: -12, max: 12 }), {
          minLength: samples * classes,
          maxLength: samples * classes,
        })
        .map((values) => Float32Array.from(values, (value) => value / 4)),
    }),
  );

function rows({ logits, classes }: LabelledLogits): number[][] {
  const flat = Array.from(logits);
  return Array.from({ length: flat.length / classes }, (_, i) =>
    flat.slice(i * classes, (i + 1) * classes),
  );
}

function softmax(row: readonly number[]): number[] {
  const powers = row.map((z) => Math.exp(z));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

describe("evaluateLogits() against plain references", () => {
  it("accuracy and NLL", () => {
    fc.assert(
      fc.property(labelledLogits, (input) => {
        const scores = evaluateLogits(input);
        const right = rows(input).filter(
          (row, i) => row.indexOf(Math.max(...row)) === input.labels[i],
        );
        const nll = rows(input).map((row, i) => -Math.log(softmax(row)[input.labels[i] ?? 0] ?? 0));
        expect(scores.accuracy).toBeCloseTo(right.length / input.labels.length, 12);
        expect(scores.nll).toBeCloseTo(nll.reduce((a, b) => a + b, 0) / nll.length, 10);
      }),
      { seed: SEED },
    );
  });

  it("macro-F1 over the classes seen in labels or predictions", () => {
    fc.assert(
      fc.property(labelledLogits, (input) => {
        const labels = Array.from(input.labels);
        const said = rows(input).map((row) => row.indexOf(Math.max(...row)));
        const seen = [...new Set([...labels, ...said])];
        const f1 = seen.map((c) => {
          const both = labels.filter((label, i) => label === c && said[i] === c).length;
          const either =
            labels.filter((label) => label === c).length + said.filter((s) => s === c).length;
          return (2 * both) / either;
        });
        expect(evaluateLogits(input).macroF1).toBeCloseTo(
          f1.reduce((a, b) => a + b, 0) / f1.length,
          12,
        );
      }),
      { seed: SEED },
    );
  });

  it("mean average precision, from precision and recall at every distinct threshold", () => {
    fc.assert(
      fc.property(labelledLogits, (input) => {
        const probs = rows(input).map(softmax);
        const areas: number[] = [];
        for (let c = 0; c < input.classes; c++) {
          const positives = Array.from(input.labels, (label) => label === c);
          const total = positives.filter(Boolean).length;
          if (total === 0) continue;
          // Rounded, since equal rows give probabilities that differ in the last bit here and there.
          const column = probs.map((row) => Math.round((row[c] ?? 0) * 1e12));
          let area = 0;
          let recall = 0;
          for (const t of [...new Set(column)].sort((a, b) => b - a)) {
            const chosen = positives.filter((_, i) => (column[i] ?? 0) >= t);
            const hits = chosen.filter(Boolean).length;
            area += (hits / total - recall) * (hits / chosen.length);
            recall = hits / total;
          }
          areas.push(area);
        }
        expect(evaluateLogits(input).meanAveragePrecision).toBeCloseTo(
          areas.reduce((a, b) => a + b, 0) / areas.length,
          9,
        );
      }),
      { seed: SEED },
    );
  });

  it("calibration error over 15 bins", () => {
    fc.assert(
      fc.property(labelledLogits, (input) => {
        const bins = Array.from({ length: 15 }, () => ({ hits: 0, sum: 0, n: 0 }));
        rows(input).forEach((row, i) => {
          const probs = softmax(row);
          const confidence = Math.max(...probs);
          const edge = confidence * 15;
          // A confidence on an edge between bins may fall either way in the reference: leave those inputs out.
          fc.pre(Math.abs(edge - Math.round(edge)) > 1e-9 || input.classes === 1);
          const bin = bins[Math.min(14, Math.floor(edge))] as (typeof bins)[number];
          bin.hits += row.indexOf(Math.max(...row)) === input.labels[i] ? 1 : 0;
          bin.sum += confidence;
          bin.n += 1;
        });
        const n = input.labels.length;
        const reference = bins
          .filter((bin) => bin.n > 0)
          .reduce(
            (sum, bin) => sum + (bin.n / n) * Math.abs(bin.hits / bin.n - bin.sum / bin.n),
            0,
          );
        expect(evaluateLogits(input).calibrationError).toBeCloseTo(reference, 10);
      }),
      { seed: SEED },
    );
  });

  it("confusion counts add up and agree with the cells behind them", () => {
    fc.assert(
      fc.property(labelledLogits, (input) => {
        const scores = evaluateLogits(input);
        const cells = confusionCells(
          predictClasses(input.logits, input.classes),
          input.labels,
          input.classes,
        );
        expect(cells.map((row) => row.map((cell) => cell.length))).toEqual(scores.confusion);
        expect(cells.flat(2).sort((a, b) => a - b)).toEqual(
          Array.from({ length: input.labels.length }, (_, i) => i),
        );
        cells.forEach((row, truth) => {
          expect(row.flat().every((i) => input.labels[i] === truth)).toBe(true);
        });
      }),
      { seed: SEED },
    );
  });

  it("the quick scores are the same numbers", () => {
    fc.assert(
      fc.property(labelledLogits, (input) => {
        const { accuracy, macroF1: f1, nll } = evaluateLogits(input);
        expect(evaluateQuickly(input)).toEqual({ accuracy, macroF1: f1, nll });
      }),
      { seed: SEED },
    );
  });
});

describe("edges", () => {
  it("a class in neither labels nor predictions does not lower macro-F1", () => {
    const logits = [3, 0, 0, 0, 3, 0];
    expect(evaluateLogits({ logits, labels: [0, 1], classes: 3 }).macroF1).toBe(1);
  });

  it("a class that is only predicted, or only true, counts as 0", () => {
    const { perClass, macroF1: f1 } = evaluateLogits({
      logits: [3, 0, 0, 3, 0, 0],
      labels: [0, 1],
      classes: 3,
    });
    expect(perClass.map((score) => score.f1)).toEqual([2 / 3, 0, 0]);
    expect(f1).toBeCloseTo(1 / 3, 12);
    expect(macroF1(perClass)).toBe(f1);
  });

  it("precision, recall and F1 of a hand-made case", () => {
    // truth 0 0 0 1, said 0 0 1 1
    const { perClass } = evaluateLogits({
      logits: [1, 0, 1, 0, 0, 1, 0, 1],
      labels: [0, 0, 0, 1],
      classes: 2,
    });
    expect(perClass[0]).toEqual({ precision: 1, recall: 2 / 3, f1: 0.8, support: 3, predicted: 2 });
    expect(perClass[1]).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3, support: 1, predicted: 2 });
  });

  it("average precision of the textbook ranking + - + is 5/6, and of all ties the prevalence", () => {
    expect(averagePrecision([3, 2, 1], [1, 0, 1])).toBeCloseTo(5 / 6, 12);
    expect(averagePrecision([1, 1, 1, 1], [0, 0, 0, 1])).toBe(0.25);
    expect(averagePrecision([1, 2], [0, 0])).toBeNull();
  });

  it("huge logits neither overflow nor give NaN", () => {
    const scores = evaluateLogits({ logits: [1e30, -1e30, 5, 1e30], labels: [0, 0], classes: 2 });
    expect(scores.nll).toBeCloseTo(5e29, -20);
    expect(scores.accuracy).toBe(0.5);
  });
});

describe("bad input", () => {
  it.each([
    [
      { logits: [1, 2, 3], labels: [0, 1], classes: 2 },
      ShapeError,
      "expected 2 x 2 = 4 values, got 3",
    ],
    [{ logits: [1, 2], labels: [2], classes: 2 }, DataError, "expected a label from 0 to 1, got 2"],
    [{ logits: [1, 2], labels: [0.5], classes: 2 }, DataError, "got 0.5"],
    [
      { logits: [1, Number.NaN], labels: [0], classes: 2 },
      DataError,
      "sample 0: expected finite logits, got NaN",
    ],
    [{ logits: [], labels: [], classes: 2 }, DataError, "expected at least one sample, got 0"],
    [{ logits: [1], labels: [0], classes: 0 }, OptionError, "expected a positive integer, got 0"],
  ] as const)("%j", (input, kind, text) => {
    for (const judge of [evaluateLogits, evaluateQuickly]) {
      expect(() => judge(input)).toThrow(kind);
      expect(() => judge(input)).toThrow(text);
    }
  });
});
