import { describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/html.ts";
import { packFloats, unpackFloats } from "../../src/report/packed-floats.ts";
import type { CellRecord } from "../../src/report/records.ts";
import { fakeComparison, withCells } from "./fake-comparison.ts";
import { finds, scriptData } from "./page.ts";

const base = fakeComparison({ samples: 60, seeds: [1, 2] });

describe("the answers that a report shows", () => {
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
