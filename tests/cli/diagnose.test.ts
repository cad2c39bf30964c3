import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { METHODS } from "../../src/methods/registry.ts";
import { captureCli } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function diagnose(...more: string[]) {
  const folder = await temporaryFolder();
  const argv = ["diagnose", "--data", "synthetic", "--workers", "0", "--runs", folder];
  const result = await captureCli(...argv, "--cache", join(folder, "cache"), ...more);
  return { ...result, folder };
}

describe("diagnose", () => {
  it("finds the modality that was made to be lazy, and names methods that there are", async () => {
    const { code, out, folder } = await diagnose("--seeds", "2", "--epochs", "4", "--json");
    expect(code).toBe(0);
    const { diagnosis } = JSON.parse(out.trim().split("\n").at(-1) as string);
    const [easy, hard] = diagnosis.modalities;
    expect([easy.name, hard.name]).toEqual(["easy", "hard"]);
    expect(hard.gap.mean).toBeGreaterThan(0.05);
    expect(hard.gap.mean).toBeGreaterThan(easy.gap.mean);
    expect(hard.verdict).not.toBe("not lazy");
    // Zeroing the others overstates it.
    expect(hard.alone.mean - hard.joint.mean).toBeGreaterThan(hard.gap.mean);
    const named = diagnosis.advice.flatMap(({ methods }: { methods: string[] }) => methods);
    expect(named).toContain("mla");
    for (const name of named) expect(Object.keys(METHODS)).toContain(name);
    expect(existsSync(join(folder, "cache", "ledger.jsonl"))).toBe(false);
  }, 60_000);

  it("says in words what it found, and that one seed knows no uncertainty", async () => {
    const { out } = await diagnose("--seeds", "1", "--epochs", "2");
    expect(out).toMatch(/hard .* \(one seed: unknown\) +(perhaps|not) lazy/);
    expect(out).toContain("What to try:");
  }, 60_000);
});
