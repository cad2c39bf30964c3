/** The command line as a stranger gets it: the tarball installed by npm into an empty folder. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Compares methods on made data, and asks for data whose package is not there.
 *
 * @param project - has the package.json of who installs; copied out of the repository, whose own npm would find and change
 * @throws {Error} that says which promise was not kept
 */
export async function resultOfCli(project: string, tarball: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "altermodal-cli-"));
  try {
    copyFileSync(join(project, "package.json"), join(folder, "package.json"));
    const quiet = ["--no-audit", "--no-fund", "--no-package-lock"];
    expectEnd(await run(folder, "npm", "install", ...quiet, tarball), 0, /added 1 package/);
    const installed = readdirSync(join(folder, "node_modules")).filter((name) => name[0] !== ".");
    if (installed.join() !== "altermodal") throw new Error(`npm: expected one, got ${installed}`);

    const compared = await altermodal(folder, "compare", "--data", "synthetic", "--quick");
    const accuracy = expectEnd(compared, 0, /^mla +([\d.]+) /m);
    const report = expectEnd(compared, 0, /^Report: (.*)$/m);
    if (!existsSync(join(folder, report))) throw new Error(`report: expected it in ${report}`);

    const asked = await altermodal(folder, "compare", "--data", "emoji", "--quick");
    const remedy = expectEnd(asked, 1, /got none; run (npm install emoji-datasource@.*)$/m);
    return `compare: MLA ${accuracy} %; without emoji: ${remedy}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Never the registry's package of that name. */
function altermodal(folder: string, ...args: string[]): Promise<Ended> {
  return run(folder, "npx", "--no", "altermodal", ...args);
}

function run(cwd: string, program: string, ...args: string[]): Promise<Ended> {
  // What `npm run` says of the repository would be taken for settings.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")),
  );
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 120_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}

/** @returns what the pattern's group, or else the pattern, found */
function expectEnd({ code, out, err }: Ended, wanted: number, pattern: RegExp): string {
  const found = pattern.exec(`${out}\n${err}`);
  if (code === wanted && found !== null) return found[1] ?? found[0];
  const last = (err || out).trim().split("\n").at(-1);
  throw new Error(`expected code ${wanted} and ${pattern}, got code ${code} and: ${last}`);
}
