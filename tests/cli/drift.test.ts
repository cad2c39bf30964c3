import { expect, it } from "vitest";
import type { DriftRow } from "../../src/node/runs/drift.ts";
import { captureCli } from "../support/run-cli.ts";

it("drift: projecting the update holds the stored means, the gradient less, whatever the optimizer", async () => {
  const { code, out } = await captureCli("drift", "--data", "synthetic", "--epochs", "1", "--json");
  expect(code).toBe(0);
  const rows: DriftRow[] = JSON.parse(out);
  expect(rows).toHaveLength(12);
  for (const optimizer of ["sgd", "adam"]) {
    const of = (projection: string) =>
      rows.find((row) => row.optimizer === optimizer && row.projection === projection) as DriftRow;
    const [none, gradient, update, all] = [
      "none",
      "gradient",
      "update, bias projected",
      "update, bias projected, all steps remembered",
    ].map(of) as [DriftRow, DriftRow, DriftRow, DriftRow];
    expect(none.trace).toBe(1);
    expect(gradient.stored).toBeLessThan(none.stored);
    expect(update.stored).toBeLessThan(gradient.stored / 2);
    expect(update.stored).toBeLessThan(none.stored / 4);
    // Memory of every step holds back the whole head.
    expect(all.trace).toBeLessThan(update.trace);
    expect(of("update, bias projected, 4 directions").sample).toBeLessThan(update.sample);
  }
}, 60_000);
