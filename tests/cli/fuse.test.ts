import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FUSIONS } from "../../src/fusion/registry.ts";
import { writeRecipe } from "../../src/node/recipes.ts";
import type { CrossFit } from "../../src/node/runs/cross-fit.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyRecipe } from "../support/tiny-recipe.ts";

it("fuse judges each method under each rule that needs no option, with the test part shut", async () => {
  const folder = await temporaryFolder();
  await writeRecipe(tinyRecipe(2), folder);
  const places = ["--data", "synthetic", "--cache", join(folder, "cache")];
  const trained = await captureCli(
    ...["compare", "--methods", "mla,sum", "--seeds", "1", "--no-test", "--workers", "0"],
    ...["--recipes", folder, "--runs", folder, "--name", "run", ...places],
  );
  expect(trained.code).toBe(0);
  const run = ["--run", join(folder, "run")];
  const { code, out } = await captureCli("fuse", ...run, ...places, "--json");
  expect(code).toBe(0);
  const found: CrossFit[] = JSON.parse(out);
  const rulesOf = (name: string) =>
    found.filter(({ method }) => method === name).map(({ rule }) => rule);
  expect(rulesOf("sum")).toEqual(["own"]);
  const plain = Object.keys(FUSIONS).filter((name) => name !== "fixed");
  expect(rulesOf("mla").sort()).toEqual([...plain, "entropy, calibrated"].sort());
  for (const { accuracy } of found) expect(accuracy).toBeGreaterThan(1 / 6);
  expect((await captureCli("fuse", ...run, ...places)).out).toContain("| mla |");
  expect(existsSync(join(folder, "cache", "ledger.jsonl"))).toBe(false);
  const nothing = await captureCli("fuse", "--run", folder, ...places);
  expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining("expected some")]);
}, 60_000);
