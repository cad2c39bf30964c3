import { describe, expect, it } from "vitest";
import { headline } from "../../src/report/headline.ts";
import { SCRIPT } from "../../src/report/html/script.ts";
import { renderReport } from "../../src/report/html.ts";
import { packFloats, unpackFloats } from "../../src/report/packed-floats.ts";
import type { CellRecord, ComparisonRecord } from "../../src/report/records.ts";
import { summarise } from "../../src/report/summary.ts";
import { fakeComparison, withCells } from "./fake-comparison.ts";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

interface ScriptData {
  readonly ids: string[];
  readonly truths: number[];
  readonly pictures: Record<string, string>;
  readonly words: Record<string, string>;
  readonly left: number;
  readonly views: { label: string; predictions: number[][] }[];
}

function scriptData(page: string): ScriptData {
  const match = page.match(/<script type="application\/json" id="report-data">(.*?)<\/script>/s);
  return JSON.parse(match?.[1] ?? "");
}

/** What a pattern finds, with a little of what stands before it: a whole page in a failed test helps nobody. */
function finds(page: string, pattern: RegExp): string[] {
  return [...page.matchAll(pattern)].map(
    ({ 0: text, index }) => page.slice(index - 60, index) + text,
  );
}

function contains(page: string, text: string): boolean {
  return page.includes(text);
}

/** Tags that are opened and not closed, or the other way round. Void elements, and SVG's self-closed, do not count. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const body = page
    .replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, "")
    .replace(/<!doctype html>/, "");
  for (const [tag, slash, name, closed] of body.matchAll(
    /<(\/?)([a-z0-9]+)(?:"[^"]*"|[^">])*?(\/?)>/g,
  )) {
    if (closed === "/" || ["meta", "input", "br", "img"].includes(name ?? "")) continue;
    if (slash === "") open.push(name ?? "");
    else if (open.pop() !== name) wrong.push(tag);
  }
  return [...wrong, ...open];
}

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

  it("gives every seed's answer for every sample to the script", () => {
    const { ids, truths, views } = scriptData(renderReport(base));
    expect(views.map(({ label }) => label)).toEqual([
      "unimodal: picture",
      "unimodal: words",
      "ume",
      "late",
      "sum",
      "concat",
      "mla",
    ]);
    const cells = base.cells.filter((cell) => cell.method.label === "mla");
    const answers = views.find(({ label }) => label === "mla")?.predictions ?? [];
    expect(ids).toEqual(cells[0]?.test?.ids);
    cells.forEach((cell, s) => {
      const right = ids.filter((_, i) => answers[s]?.[i] === truths[i]).length;
      expect(right / ids.length).toBeCloseTo(cell.test?.fused?.accuracy ?? -1, 12);
    });
  });

  it("counts in the matrix what the cells say, with words on both axes", () => {
    const page = renderReport(base);
    const panel = page.split('data-view="6"')[1] ?? "";
    const total = [
      ...panel.matchAll(/aria-label="It was ([^"]+), it said ([^"]+): (\d+) of/g),
    ].reduce((sum, [, , , count]) => sum + Number(count), 0);
    expect(total).toBe(60 * 2);
    expect(panel).toContain("it was ↓");
    expect(panel).toContain("it said →");
  });

  it("leaves a modality that a sample lacks out of its voices and matrices", () => {
    const lacking = withCells(base, (cell) => withoutModality(cell, "words", 0));
    const page = renderReport(lacking);
    const view = scriptData(page).views.find(({ label }) => label === "unimodal: words");
    expect(view?.predictions.map((seed) => seed[0])).toEqual([-1, -1]);
    expect(finds(page, /\bNaN/g)).toEqual([]);
  });
});

/** The cell as if its sample at `position` had come without the modality. */
function withoutModality(cell: CellRecord, modality: string, position: number): CellRecord {
  if (cell.test === null) return cell;
  const logits = unpackFloats(cell.test.modalityLogits[modality] as string);
  const classes = logits.length / cell.test.ids.length;
  logits.fill(Number.NaN, position * classes, (position + 1) * classes);
  return {
    ...cell,
    test: {
      ...cell.test,
      modalityLogits: { ...cell.test.modalityLogits, [modality]: packFloats(logits) },
    },
  };
}

describe("hostile input", () => {
  const EVIL = `</script><img src=x onerror="alert(1)">'&`;
  const hostile = ((): ComparisonRecord => {
    const comparison = fakeComparison({
      classes: [EVIL, `b${EVIL}`, "__proto__"],
      modalities: { [EVIL]: 2, constructor: 1 },
      samples: 30,
      seeds: [1],
    });
    return {
      ...withCells(comparison, (cell) => ({
        ...cell,
        method: { ...cell.method, label: cell.method.label + EVIL },
        weightsHash: EVIL,
        environment: { ...cell.environment, runtime: EVIL },
        test: cell.test && { ...cell.test, ids: cell.test.ids.map((id) => id + EVIL) },
      })),
      name: EVIL,
      command: EVIL,
      protocol: EVIL,
      config: { [EVIL]: EVIL },
      versions: { [EVIL]: EVIL },
      started: EVIL,
      recipes: comparison.recipes.map((recipe) => ({ ...recipe, method: EVIL })),
      data: { ...comparison.data, name: EVIL, hash: EVIL, splitRule: EVIL, licences: [EVIL] },
    };
  })();

  it("escapes names, ids, words and everything else from the records", () => {
    const words = Object.fromEntries(
      (hostile.cells[0]?.test?.ids ?? []).map((id) => [id, `w${EVIL}`]),
    );
    const page = renderReport(hostile, { words });
    expect(contains(page, "<img src=x")).toBe(false);
    expect(contains(page, 'onerror="')).toBe(false);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(unbalanced(page)).toEqual([]);
    expect(scriptData(page).words["0"]).toBe(`w${EVIL}`);
  });

  it("shows no picture but an embedded raster, and finds nothing under inherited names", () => {
    const comparison = withCells(base, (cell) =>
      cell.test === null
        ? cell
        : { ...cell, test: { ...cell.test, ids: ["constructor", ...cell.test.ids.slice(1)] } },
    );
    const { pictures, words, ids } = scriptData(
      renderReport(comparison, {
        pictures: {
          "sample-1": PIXEL,
          "sample-2": "https://example.org/a.png",
          "sample-3": "data:image/svg+xml;base64,PHN2Zz4=",
          "sample-4": "javascript:alert(1)",
        },
        words: { "sample-1": "one" },
      }),
    );
    expect(Object.keys(pictures)).toEqual([String(ids.indexOf("sample-1"))]);
    expect(words).toEqual({ [ids.indexOf("sample-1")]: "one" });
  });

  it("stays below 5 MB whatever pictures it is given, and says how many it left out", () => {
    const picture = `data:image/png;base64,${"A".repeat(200_000)}`;
    const pictures = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`sample-${i}`, picture]),
    );
    const page = renderReport(base, { pictures });
    const data = scriptData(page);
    expect(page.length).toBeLessThan(5_000_000);
    expect(Object.keys(data.pictures).length + data.left).toBe(60);
    expect(data.left).toBeGreaterThan(0);
  });
});
