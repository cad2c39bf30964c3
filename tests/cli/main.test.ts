import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeRecipe } from "../../src/node/recipes.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyRecipe } from "../support/tiny-recipe.ts";

/** More than anyone waits for: only Ctrl-C ends it. */
const ENDLESS = 1_000_000;

describe("the built program", () => {
  it("trains in worker threads until Ctrl-C, then writes its report and ends with 130", async () => {
    const folder = await temporaryFolder();
    await writeRecipe(tinyRecipe(ENDLESS), folder);
    const program = spawn(
      process.execPath,
      [
        ...["dist/cli/main.js", "compare", "--data", "synthetic", "--recipes", folder],
        ...["--methods", "unimodal,ume,sum", "--seeds", "1", "--workers", "2"],
        ...["--runs", folder, "--name", "run", "--cache", join(folder, "cache")],
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let out = "";
    let stopped = false;
    let err = "";
    program.stdout.on("data", (text) => {
      out += text;
    });
    program.stderr.on("data", (text) => {
      err += text;
      const working = /unimodal.*epoch 1 /.test(err) && /sum.*epoch 1 /.test(err);
      // Twice would end it at once.
      if (working && !stopped) stopped = program.kill("SIGINT");
    });
    const [code] = await once(program, "close");
    expect(code, err).toBe(130);
    expect(out).toMatch(/ume\*.*\n.*sum\*/);
    expect(await readFile(join(folder, "run", "report.html"), "utf8")).toContain("Partial run.");
  });
});
