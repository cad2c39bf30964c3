import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { captureCli, captureStoppable } from "../support/run-cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("the command line", () => {
  it("says what there is when it is given nothing", async () => {
    const { code, out } = await captureCli();
    expect(code).toBe(2);
    for (const name of Object.keys(COMMANDS)) expect(out).toContain(`  ${name} `);
  });

  it.each(Object.keys(COMMANDS))("explains every option of %s", async (name) => {
    const { code, out, err } = await captureCli(name, "--help");
    expect([code, err]).toEqual([0, ""]);
    for (const flag of Object.keys(COMMANDS[name]?.flags ?? {})) expect(out).toContain(`--${flag}`);
  });

  it("offers the options of every method, and of the chosen one", async () => {
    expect((await captureCli("compare", "--help", "mla")).out).toContain("--mla.alpha X");
    expect((await captureCli("train", "--method", "mla", "--help")).out).toContain("  --alpha X");
    expect((await captureCli("train", "--method", "sum", "--help")).out).not.toContain("--alpha");
  });

  it.each([
    ["an unknown command", ["trian"], 'expected one of "compare", "datasets"'],
    ["an unknown option", ["compare", "--sedes", "3"], 'Cannot find option "--sedes"'],
    ["an option of another method", ["train", "--method", "sum", "--alpha", "1"], '"--alpha"'],
    ["an unknown method", ["compare", "--methods", "mla,mlaa"], 'Cannot find "mlaa"'],
    ["an unknown data set", ["compare", "--data", "emojis"], '"emoji", "folder"'],
    ["a missing value", ["compare", "--seeds", "--quick"], "got no value"],
    ["a value out of range", ["compare", "--seeds", "0"], "expected a whole number from 1"],
    ["a value that is no number", ["compare", "--seeds", "many"], 'got "many"'],
    ["a method's value out of range", ["compare", "--mla.alpha", "-1"], "--mla.alpha"],
    ["a stray argument", ["compare", "emoji"], 'Cannot read "emoji"'],
    ["no model", ["evaluate"], "expected --run DIR"],
    ["a folder without a model", ["predict", "--run", "nowhere", "--words", "x"], "cell.json"],
    ["a bad grid", ["tune", "--grid", "0.1,x"], 'got "x"'],
    ["a run name that leaves its folder", ["compare", "--name", "../x"], "expected letters"],
    ["an unknown method to list", ["methods", "mlaa"], 'Cannot find "mlaa"'],
    ["no data set", ["prepare"], "expected one name"],
  ])("ends with 2 for %s", async (_, argv, message) => {
    const { code, out, err } = await captureCli(...argv);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect([code, out]).toEqual([2, ""]);
  });

  it("lists the valid methods for an unknown one", async () => {
    const { err } = await captureCli("compare", "--data", "synthetic", "--methods", "mlaa");
    for (const name of Object.keys(METHODS)) expect(err).toContain(`"${name}"`);
  });

  it("ends with 1 for a failure, and shows its stack only when asked", async () => {
    const recipes = await temporaryFolder();
    await mkdir(recipes, { recursive: true });
    await writeFile(join(recipes, "synthetic.json"), '{"format": 1');
    const argv = ["compare", "--data", "synthetic", "--recipes", recipes];
    const plain = await captureCli(...argv);
    expect(plain.code).toBe(1);
    expect(plain.err).toContain("Cannot read the recipe: expected JSON");
    expect(plain.err).not.toMatch(/\n\s+at /);
    expect((await captureCli(...argv, "--debug")).err).toMatch(/\n\s+at /);
  });

  it("lists methods with their options, and data sets with their licences", async () => {
    expect((await captureCli("methods")).out).toMatch(/mla: [^:]*\n(.+\n)* {2}--alpha X/);
    const some = (await captureCli("methods", "sum", "film")).out;
    expect(some).toMatch(/^film: (.*\n)*\nsum: /);
    expect(some).not.toContain("mla:");
    const help = (await captureCli("compare", "--help")).out;
    expect(help).not.toContain("--mla.alpha");
    expect(help.split("\n").length).toBeLessThan(35);
    expect((await captureCli("datasets")).out).toContain("CC-BY 4.0");
  });

  it("ends with 130 when it was stopped", async () => {
    const folder = await temporaryFolder();
    const argv = ["train", "--data", "synthetic", "--method", "sum", "--runs", folder];
    const { code } = await captureStoppable(AbortSignal.abort(new Error("stop")), ...argv);
    expect(code).toBe(130);
  });
});
