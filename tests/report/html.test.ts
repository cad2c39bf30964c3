import { describe, expect, it } from "vitest";
import { headline } from "../../src/report/headline.ts";
import { SCRIPT } from "../../src/report/html/script.ts";
import { renderReport } from "../../src/report/html.ts";
import type { ComparisonRecord } from "../../src/report/records.ts";
import { summarise } from "../../src/report/summary.ts";
import { fakeComparison, withCells } from "./fake-comparison.ts";
import { contains, finds, PIXEL, unbalanced } from "./page.ts";

const SECTIONS = ["result", "laziness", "curves", "confusion", "weights", "disagreements", "how"];
const base = fakeComparison({ samples: 60, seeds: [1, 2] });

const variants: readonly (readonly [string, ComparisonRecord])[] = [
  ["two modalities", base],
  ["one modality", fakeComparison({ modalities: { sound: 2 }, samples: 40, seeds: [1, 2] })],
  [
    "three modalities and one seed",
    fakeComparison({ modalities: { a: 2, b: 1, c: 1 }, samples: 40, seeds: [9] }),
  ],
  ["no probe", fakeComparison({ probes: false, samples: 40, seeds: [1, 2] })],
  ["one method that does not fuse", fakeComparison({ methods: ["unimodal"], samples: 40 })],
  ["one method without weights", fakeComparison({ methods: ["sum"], samples: 40 })],
  [
    "forty classes",
    fakeComparison({
      classes: Array.from({ length: 40 }, (_, i) => `kind ${i}`),
      samples: 90,
      seeds: [1],
    }),
  ],
  ["no cell", { ...base, cells: [], ended: null }],
  [
    "cells without epochs and tests",
    withCells(base, (cell) => ({
      ...cell,
      epochs: [],
      selectedEpoch: null,
      test: null,
      interrupted: true,
    })),
  ],
  [
    "one epoch",
    withCells(base, (cell) => ({ ...cell, epochs: cell.epochs.slice(0, 1), selectedEpoch: 1 })),
  ],
];

describe("renderReport()", () => {
  it.each(variants)(
    "draws every section in order, with balanced tags and no NaN: %s",
    (_, comparison) => {
      const page = renderReport(comparison);
      const places = SECTIONS.map((id) => page.indexOf(`<section id="${id}"`));
      expect(places.every((place) => place > 0)).toBe(true);
      expect([...places].sort((a, b) => a - b)).toEqual(places);
      expect(unbalanced(page)).toEqual([]);
      expect(finds(page.replace(SCRIPT, ""), /\bNaN|Infinity|undefined|\[object/g)).toEqual([]);
    },
  );

  it("draws the drift of each method that tells it, by step, with a title and its figures in words", () => {
    expect(contains(renderReport(base), 'id="drift"')).toBe(false);
    const [m = "", other = ""] = base.data.modalities;
    const drift = {
      steps: [5, 10, 15],
      modalities: {
        [m]: { raw: [0.02, 0.04, 0.03], projected: [1e-3, 0, 2e-3] },
        [other]: { raw: [0, 0, 0], projected: [0, 0, 0] },
      },
    };
    const page = renderReport(
      withCells(base, (cell) => (cell.method.label === "mla" ? { ...cell, drift } : cell)),
    );
    const section = page.match(/<section id="drift".*?<\/section>/s)?.[0] ?? "";
    expect(section.match(/<svg/g)).toHaveLength(1);
    expect(section).toContain('aria-labelledby="drift-0 drift-0-said"');
    expect(section).toContain('<title id="drift-0">How far steps of mla move');
    expect(section).toContain(`${m} unprojected 3.0e-2, ${m} as taken 2.0e-3</desc>`);
    // A step that moves nothing is left out, and so is a line of such steps.
    const lines = [...section.matchAll(/class="curve[^"]*"[^>]*d="([^"]+)"/g)];
    expect(lines.map(([, d = ""]) => d.split("L").length)).toEqual([3, 2]);
    expect(unbalanced(page)).toEqual([]);
    expect(finds(page.replace(SCRIPT, ""), /\bNaN|Infinity|undefined/g)).toEqual([]);
  });

  it("names no place to load anything from, and forbids it", () => {
    const page = renderReport(base, { pictures: { "sample-0": PIXEL } });
    expect(finds(page, /https?:|url\(|@import/g)).toEqual([]);
    for (const [, target] of page.matchAll(/\s(?:src|href)="([^"]*)"/g)) {
      expect(target).toMatch(/^#/);
    }
    expect(contains(page, "default-src &#39;none&#39;"), "default-src &#39;none&#39;").toBe(true);
  });

  it("says the headline, every method, the hash, the openings, the command and the licences", () => {
    const page = renderReport(base);
    const { title, sentences } = headline(summarise(base));
    const heading = page.match(/<h1>(.*?)<\/h1>/)?.[1];
    expect(heading).toBe(title);
    for (const text of [
      ...sentences,
      base.data.hash,
      "opened 12 times",
      base.command,
      base.protocol,
      ...base.data.licences,
    ]) {
      expect(contains(page, text), text).toBe(true);
    }
    for (const { method } of base.cells)
      expect(contains(page, `>${method.label}<`), `>${method.label}<`).toBe(true);
  });

  it("says that a run is partial, and how", () => {
    const partial = withCells({ ...base, plannedCells: 20, ended: null }, (cell, i) =>
      i === 3 ? { ...cell, interrupted: true, test: null } : cell,
    );
    const page = renderReport(partial);
    expect(
      contains(page, "8 of 20 planned trainings have not been done."),
      "8 of 20 planned trainings have not been done.",
    ).toBe(true);
    expect(
      contains(page, "1 training stopped before the last epoch."),
      "1 training stopped before the last epoch.",
    ).toBe(true);
    expect(
      contains(page, "1 training without test results: not in the figures."),
      "1 training without test results: not in the figures.",
    ).toBe(true);
    expect(contains(page, "The run has not ended."), "The run has not ended.").toBe(true);
    expect(contains(renderReport(base), "Partial run")).toBe(false);
  });
});
