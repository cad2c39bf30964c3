import { describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/html.ts";
import type { ComparisonRecord } from "../../src/report/records.ts";
import { fakeComparison, withCells } from "./fake-comparison.ts";
import { contains, PIXEL, scriptData, unbalanced } from "./page.ts";

const base = fakeComparison({ samples: 60, seeds: [1, 2] });

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
