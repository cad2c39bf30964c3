import { describe, expect, it } from "vitest";
import { summarise } from "../../src/report/summary.ts";
import { renderMarkdownTable, renderTextTable, TABLE_WIDTH } from "../../src/report/table.ts";
import { fakeComparison, withCells } from "./fake-comparison.ts";

const MODALITIES = { picture: 2.4, words: 1.9, speech: 1.2, "heart rate": 1 };

function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => [...line].length));
}

describe("renderTextTable()", () => {
  it.each([1, 2, 3, 4])("stays within its width with %i modalities", (count) => {
    const modalities = Object.fromEntries(Object.entries(MODALITIES).slice(0, count));
    const text = renderTextTable(summarise(fakeComparison({ modalities, samples: 40 })));
    expect(widest(text)).toBeLessThanOrEqual(TABLE_WIDTH);
    for (const name of Object.keys(modalities)) expect(text).toContain(`${name} ─`);
  });

  it("keeps two modalities in one block and repeats the method where it goes on below", () => {
    const lines = (count: number): string[] =>
      renderTextTable(
        summarise(
          fakeComparison({
            modalities: Object.fromEntries(Object.entries(MODALITIES).slice(0, count)),
            samples: 40,
          }),
        ),
      ).split("\n");
    expect(lines(2).filter((line) => /^mla /.test(line) && !line.includes("against"))).toHaveLength(
      1,
    );
    expect(lines(3).filter((line) => /^mla /.test(line) && !line.includes("against"))).toHaveLength(
      2,
    );
  });

  it("shows the figures of the summary, and a dash where there is none", () => {
    const summary = summarise(fakeComparison({ samples: 40 }));
    const line =
      renderTextTable(summary)
        .split("\n")
        .find((l) => l.startsWith("unimodal")) ?? "";
    const { head } = summary.methods[0]?.modalities.picture ?? {};
    expect(line).toContain(
      `${((head?.mean ?? 0) * 100).toFixed(1)}±${((head?.sd ?? 0) * 100).toFixed(1)}`,
    );
    expect(line.split(/\s+/).filter((cell) => cell === "-")).toHaveLength(4);
  });

  it("stars interrupted methods and says what the star means", () => {
    const cut = withCells(fakeComparison({ samples: 40 }), (cell) =>
      cell.method.name === "mla" ? { ...cell, interrupted: true } : cell,
    );
    const text = renderTextTable(summarise(cut));
    expect(text).toContain("mla*");
    expect(text).toContain("* stopped before its last epoch");
    expect(renderTextTable(summarise(fakeComparison({ samples: 40 })))).not.toContain("*");
  });

  it("does not pass control characters to the terminal", () => {
    const hostile = fakeComparison({ modalities: { "a\u001b[31m\nb": 2, c: 1 }, samples: 40 });
    expect(renderTextTable(summarise(hostile))).not.toContain("\u001b");
  });

  it("stands a comparison without any finished cell", () => {
    const text = renderTextTable(summarise({ ...fakeComparison({ samples: 40 }), cells: [] }));
    expect(text).toContain("method");
  });
});

describe("renderMarkdownTable()", () => {
  it("has equally many cells in every line and escapes names", () => {
    const hostile = fakeComparison({ modalities: { "a|b <i>": 2, c: 1 }, samples: 40 });
    const text = renderMarkdownTable(summarise(hostile));
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(2 + 6);
    expect(new Set(rows.map((line) => line.split(/(?<!\\)\|/).length))).toEqual(new Set([13]));
    expect(text).toContain("a\\|b &lt;i>");
  });
});
