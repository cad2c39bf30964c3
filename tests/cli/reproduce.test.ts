import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeRecipe } from "../../src/node/recipes.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyRecipe } from "../support/tiny-recipe.ts";

async function reproduce(question: string) {
  const folder = await temporaryFolder();
  await writeRecipe(tinyRecipe(1), folder);
  const result = await captureCli(
    ...["reproduce", question, "--data", "synthetic", "--epochs", "1", "--seeds", "1"],
    ...["--workers", "0", "--recipes", folder, "--runs", folder, "--name", "run"],
    ...["--cache", join(folder, "cache")],
  );
  const record = JSON.parse(await readFile(join(folder, "run", "results.json"), "utf8"));
  return { ...result, record };
}

describe("reproduce", () => {
  it("q2 gives every method the same gaps, more at higher rates", async () => {
    const { code, out, record } = await reproduce("q2");
    expect(code).toBe(0);
    expect(record.cells).toHaveLength(6 * 5);
    const missing = new Map<string, Set<number>>();
    for (const { protocol, test } of record.cells) {
      missing.set(protocol.label, (missing.get(protocol.label) ?? new Set()).add(test.missing));
    }
    const shares = [...missing.values()].map((values) => [...values]);
    for (const values of shares) expect(values).toHaveLength(1);
    const rates = shares.map(([share]) => share as number);
    expect(rates[0]).toBe(0);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(out).toContain("cells rate=0.7");
  }, 60_000);

  it("q3 tells variants of one method apart by options and fusion", async () => {
    const { record } = await reproduce("q3");
    const labels = record.cells.map(({ method }: { method: { label: string } }) => method.label);
    expect(labels).toContain("mla variant=off fusion=mean-of-logits");
    expect(new Set(labels).size).toBe(6);
  }, 60_000);

  it("q4 leaves the test part complete, and names the gap", async () => {
    const { out, record } = await reproduce("q4");
    expect(record.cells).toHaveLength(5 * 7);
    for (const { test } of record.cells) expect(test.missing).toBe(0);
    expect(out).toContain("Rank correlation with fused accuracy over 5 methods");
  }, 60_000);

  it("lists the questions for an unknown one", async () => {
    const { code, err } = await captureCli("reproduce", "q9", "--data", "synthetic");
    expect(code).toBe(2);
    expect(err).toContain('"q1", "q2", "q3", "q4"');
  });
});
