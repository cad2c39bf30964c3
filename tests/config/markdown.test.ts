import { describe, expect, it } from "vitest";
import { keepMarkup, markdownTable } from "../../src/config/markdown.ts";

describe("markdownTable", () => {
  it("lets a name neither end its cell nor be markup, and puts numbers to the right", () => {
    expect(markdownTable(["a|b", "n"], [["*<i>\n`x`", "1"]])).toBe(
      ["| a\\|b | n |", "| --- | ---: |", "| \\*&lt;i> \\`x\\` | 1 |"].join("\n"),
    );
  });

  it("leaves cells that are Markdown as they are, but for what would end them", () => {
    expect(markdownTable(["what"], [["`a` | *b*"]], 1, keepMarkup)).toBe(
      ["| what |", "| --- |", "| `a` \\| *b* |"].join("\n"),
    );
  });
});
