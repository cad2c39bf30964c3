import { describe, expect, it } from "vitest";
import { pairedBootstrap, type Scores } from "../../src/metrics/index.ts";
import { Random } from "../../src/random.ts";
import { packFloats } from "../../src/report/packed-floats.ts";
import type { CellRecord, ComparisonRecord } from "../../src/report/records.ts";
import { type MethodSummary, type Summary, summarise } from "../../src/report/summary.ts";
import { fakeComparison, withCells } from "./fake-comparison.ts";

const summaries = new Map<ComparisonRecord, Summary>();

function row(comparison: ComparisonRecord, label: string): MethodSummary {
  const summary = summaries.get(comparison) ?? summarise(comparison);
  summaries.set(comparison, summary);
  const found = summary.methods.find((method) => method.label === label);
  if (found === undefined) throw new Error(`no row ${label}`);
  return found;
}

/** Puts hand-chosen accuracies where the invented ones were. */
function setAccuracy(cell: CellRecord, modality: string, head: number, probe: number): CellRecord {
  if (cell.test === null) return cell;
  const record = cell.test.modalities[modality];
  if (record === undefined) return cell;
  const scored = (scores: Scores, accuracy: number): Scores => ({ ...scores, accuracy });
  return {
    ...cell,
    test: {
      ...cell.test,
      modalities: {
        ...cell.test.modalities,
        [modality]: {
          ...record,
          head: scored(record.head, head),
          probe: record.probe && scored(record.probe, probe),
        },
      },
    },
  };
}

describe("summarise()", () => {
  const comparison = fakeComparison({ samples: 60 });

  it("has one row a method, in the order of the run, with means over its seeds", () => {
    const summary = summarise(comparison);
    expect(summary.methods.map(({ label }) => label)).toEqual(comparison.config.methods);
    const mla = row(comparison, "mla");
    const values = comparison.cells
      .filter((cell) => cell.method.name === "mla")
      .map((cell) => cell.test?.fused?.accuracy);
    expect(mla.fused?.accuracy.values).toEqual(values);
    expect(mla.seeds).toEqual([1, 2, 3]);
    expect(mla.gflops.mean).toBeCloseTo(204, 9);
  });

  it("pairs every gap with the lone modality of the same seed, head with head and probe with probe", () => {
    const alone = [0.6, 0.7, 0.8];
    const changed = withCells(comparison, (cell) => {
      const base = alone[cell.seed - 1] as number;
      if (cell.method.yardstick) return setAccuracy(cell, "picture", base, base - 0.05);
      return setAccuracy(cell, "picture", base - 0.1 * cell.seed, base - 0.07);
    });
    const { gapByHead, gapByProbe } = row(changed, "concat").modalities.picture ?? {};
    [0.1, 0.2, 0.3].forEach((gap, i) => {
      expect(gapByHead?.values[i]).toBeCloseTo(gap, 12);
      expect(gapByProbe?.values[i]).toBeCloseTo(0.02, 12);
    });
  });

  it("finds the yardstick by its flag, whatever it is called", () => {
    const renamed = withCells(comparison, (cell) =>
      cell.method.yardstick
        ? { ...cell, method: { ...cell.method, name: "solo", label: "solo" } }
        : cell,
    );
    expect(row(renamed, "mla").modalities).toEqual(row(comparison, "mla").modalities);
    expect(row(renamed, "solo").modalities.words?.gapByHead).toBeNull();
  });

  it("without the lone modality of a seed leaves that seed out of the gap, without any has none", () => {
    const oneLess = {
      ...comparison,
      cells: comparison.cells.filter((cell) => !(cell.method.yardstick && cell.seed === 2)),
    };
    expect(row(oneLess, "sum").modalities.words?.gapByHead?.n).toBe(2);
    const none = { ...comparison, cells: comparison.cells.filter((c) => !c.method.yardstick) };
    expect(row(none, "sum").modalities.words?.gapByHead).toBeNull();
  });

  it("tests every fusing method against the best baseline, and corrects by Holm", () => {
    const summary = summarise(comparison);
    const best = summary.bestBaseline;
    const tests = summary.methods.flatMap(({ label, test }) => (test ? [{ label, test }] : []));
    expect(tests.map(({ label }) => label)).toEqual(
      summary.methods.filter((m) => m.fused !== null && m.label !== best).map(({ label }) => label),
    );
    for (const { label, test } of tests) {
      const ours = row(comparison, label).fused?.accuracy.mean ?? 0;
      const theirs = row(comparison, best ?? "").fused?.accuracy.mean ?? 0;
      expect(test.against).toBe(best);
      expect(test.difference).toBeCloseTo(ours - theirs, 12);
      expect(test.corrected).toBeGreaterThanOrEqual(test.p);
    }
    const smallest = Math.min(...tests.map(({ test }) => test.p));
    expect(tests.find(({ test }) => test.p === smallest)?.test.corrected).toBeCloseTo(
      Math.min(1, smallest * tests.length),
      12,
    );
  });

  it("takes the baseline with the highest mean, and no method that is none", () => {
    const mean = (label: string): number => row(comparison, label).fused?.accuracy.mean ?? 0;
    const baselines = ["ume", "late", "sum", "concat"];
    const best = summarise(comparison).bestBaseline ?? "";
    expect(baselines).toContain(best);
    expect(mean(best)).toBe(Math.max(...baselines.map(mean)));
    const onlyMla = { ...comparison, cells: comparison.cells.filter((c) => !c.method.baseline) };
    expect(summarise(onlyMla).bestBaseline).toBeNull();
  });

  it("redraws the samples of one group together", () => {
    const hits = (label: string): Uint8Array[] =>
      comparison.cells
        .filter((cell) => cell.method.label === label)
        .map(({ test }) => {
          const counts = new Uint8Array(test?.labels.length ?? 0);
          const bytes = atob(test?.fusedLogits ?? "");
          const view = new DataView(Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer);
          test?.labels.forEach((label_, i) => {
            const z = Array.from({ length: 9 }, (_, c) => view.getFloat32((i * 9 + c) * 4, true));
            counts[i] = z.indexOf(Math.max(...z)) === label_ ? 1 : 0;
          });
          return counts;
        });
    const summary = summarise(comparison);
    const other = summary.methods.find(({ test }) => test !== null) as MethodSummary;
    const expected = pairedBootstrap({
      a: hits(other.label),
      b: hits(summary.bestBaseline ?? ""),
      groups: comparison.cells[0]?.test?.groups ?? [],
      random: new Random(0, "paired bootstrap"),
    });
    expect(other.test).toMatchObject(expected);
  });

  it("keeps a cell without test results out of the figures, and names interrupted seeds", () => {
    const partial = withCells(comparison, (cell) =>
      cell.method.name === "mla" && cell.seed === 3
        ? { ...cell, test: null, interrupted: true, selectedEpoch: null, epochs: [] }
        : cell,
    );
    const mla = row(partial, "mla");
    expect(mla.seeds).toEqual([1, 2]);
    expect(mla.interruptedSeeds).toEqual([3]);
    expect(mla.fused?.accuracy.n).toBe(2);
    expect(mla.test).not.toBeNull();
  });

  it("stands one modality, one seed, no probe, no cell at all, and a method without fusion", () => {
    const one = fakeComparison({
      modalities: { sound: 2 },
      seeds: [5],
      probes: false,
      samples: 20,
    });
    const mla = row(one, "mla");
    expect(mla.modalities.sound).toMatchObject({ probe: null, gapByProbe: null });
    expect(mla.modalities.sound?.head.sd).toBeNull();
    expect(row(one, "unimodal").fused).toBeNull();
    expect(summarise({ ...one, cells: [] })).toEqual({
      modalities: ["sound"],
      methods: [],
      bestBaseline: null,
    });
  });

  it("pairs samples by id, not by place", () => {
    const reversed = withCells(comparison, (cell) => {
      if (cell.method.name !== "mla" || cell.test?.fusedLogits == null) return cell;
      const { test } = cell;
      const order = test.ids.map((_, i) => i).reverse();
      const bytes = Uint8Array.from(atob(test.fusedLogits ?? ""), (c) => c.charCodeAt(0));
      const logits = new Float32Array(bytes.buffer);
      return {
        ...cell,
        test: {
          ...test,
          ids: order.map((i) => test.ids[i] as string),
          labels: order.map((i) => test.labels[i] as number),
          groups: order.map((i) => test.groups?.[i] as string),
          fusedLogits: packFloats(order.flatMap((i) => [...logits.subarray(i * 9, i * 9 + 9)])),
        },
      };
    });
    expect(row(reversed, "mla").test).toEqual(row(comparison, "mla").test);
  });
});
