import { createRequire } from "node:module";
import { join } from "node:path";
import { findChromium } from "../browser/chromium.ts";
import { FIREFOX, lacking, postedBy, WEBKIT } from "../browser/without-driver.ts";
import { resultOfCli } from "./cli.ts";
import { resultOfExtension, resultOfLoadedExtension, resultOfPage } from "./in-browser.ts";

/** Where a consumer runs. */
export interface Setting {
  readonly folder: string;
  /** The packed library. */
  readonly tarball: string;
  /** What a program prints; a path of the folder's own tools, or a program of the machine. */
  run(program: string, ...args: string[]): Promise<string>;
}

export interface Consumer {
  /** Its folder in consumers/. */
  readonly name: string;
  readonly title: string;
  /** Packages of its own package.json that must be installed. */
  readonly tools?: readonly string[];
  /** False if it does something else than the job, and so has a result of its own. */
  readonly trains?: false;
  /** Why it cannot run here; undefined if it can. */
  missing?(): string | undefined;
  /** @returns what the job gave */
  run(setting: Setting): Promise<string>;
}

const noBrowser = () => (findChromium() === undefined ? "no Chromium installed" : undefined);
const require = createRequire(import.meta.url);

/** A program of a package in the consumer's folder, by its path within. */
const tool = (path: string) => join("node_modules", path);

export const CONSUMERS: readonly Consumer[] = [
  {
    name: "node-esm",
    title: `Node ${process.versions.node}, import`,
    run: (at) => at.run("node", "main.js"),
  },
  {
    name: "node-cjs",
    title: `Node ${process.versions.node}, require`,
    run: (at) => at.run("node", "main.cjs"),
  },
  {
    name: "bun",
    title: "Bun",
    tools: ["bun"],
    run: (at) => at.run(tool(".bin/bun"), "main.js"),
  },
  {
    name: "deno",
    title: "Deno",
    tools: ["deno"],
    run: (at) => at.run(tool(".bin/deno"), "run", "--allow-all", "main.js"),
  },
  {
    name: "workerd",
    title: "workerd (Cloudflare Workers)",
    tools: ["workerd"],
    async run(at) {
      const { build } = require("esbuild") as typeof import("esbuild");
      await build({
        absWorkingDir: at.folder,
        entryPoints: ["main.js"],
        outfile: "dist/worker.js",
        bundle: true,
        format: "esm",
        conditions: ["workerd", "worker", "browser"],
        loader: { ".wasm": "copy" },
        assetNames: "[name]",
      });
      return at.run(tool(".bin/workerd"), "test", "config.capnp", "--verbose").then(
        () => {
          throw new Error("workerd: expected the result in its log, got none");
        },
        (error: { stderr: string }) => {
          const found = /RESULT (.*?) END/.exec(error.stderr)?.[1];
          if (found === undefined) throw error;
          return found;
        },
      );
    },
  },
  {
    name: "esbuild",
    title: "esbuild, Chromium",
    missing: noBrowser,
    async run(at) {
      const { build } = require("esbuild") as typeof import("esbuild");
      const options = { absWorkingDir: at.folder, bundle: true, minify: true } as const;
      await build({ ...options, entryPoints: ["main.js"], outfile: "dist/main.js", format: "esm" });
      return resultOfPage(join(at.folder, "dist"), "main.js");
    },
  },
  {
    name: "vite",
    title: "Vite, its worker, Chromium",
    tools: ["vite"],
    missing: noBrowser,
    async run(at) {
      await at.run("node", tool("vite/bin/vite.js"), "build", "--logLevel", "error");
      return resultOfPage(join(at.folder, "dist"));
    },
  },
  {
    name: "webpack",
    title: "webpack, its worker, Chromium",
    tools: ["webpack"],
    missing: noBrowser,
    async run(at) {
      await at.run("node", "build.js");
      return resultOfPage(join(at.folder, "dist"), "main.js");
    },
  },
  {
    name: "script",
    title: '<script type="module">, Chromium',
    missing: noBrowser,
    run: (at) => resultOfPage(at.folder),
  },
  {
    name: "service-worker",
    title: "service worker, Chromium",
    missing: noBrowser,
    run: (at) => resultOfPage(at.folder),
  },
  {
    name: "extension",
    title: "page under the CSP of MV3 extensions",
    missing: noBrowser,
    run: (at) => resultOfExtension(at.folder),
  },
  {
    name: "extension",
    title: "MV3 extension, loaded by Chromium",
    missing: noBrowser,
    run: (at) => resultOfLoadedExtension(at.folder),
  },
  {
    name: "cli",
    title: "command line, installed by npm",
    trains: false,
    run: ({ folder, tarball }) => resultOfCli(folder, tarball),
  },
  ...typescript("5.4", "latest"),
];

/** What is run with `--full` only. */
export const FULL_CONSUMERS: readonly Consumer[] = [
  ...["20", "22", "24", "latest"].map(
    (version): Consumer => ({
      name: "node-versions",
      title: `Node ${version === "latest" ? "newest" : version} of npm, import and require`,
      tools: [`node-${version}`],
      async run(at) {
        const node = tool(`node-${version}/bin/node`);
        const results = [await at.run(node, "main.js"), await at.run(node, "main.cjs")];
        return [...new Set(results)].join(" by import, by require ");
      },
    }),
  ),
  ...typescript("5.6", "5.8", "5.9"),
  ...[
    { title: "Firefox: page, worker, two threads", browser: FIREFOX },
    { title: "WebKitGTK: page, worker, two threads", browser: WEBKIT },
  ].map(
    ({ title, browser }): Consumer => ({
      name: "browsers",
      title,
      missing: () => lacking(browser),
      run: ({ folder }) => postedBy(browser, { folders: { "/": folder } }),
    }),
  ),
];

/** The declarations of every entry, with `skipLibCheck` off, as bundlers and as Node find them. */
function typescript(...versions: readonly string[]): Consumer[] {
  return versions.map((version) => ({
    name: "typescript",
    title: `TypeScript ${version}, declarations checked`,
    tools: [`typescript-${version}`],
    trains: false,
    async run(at) {
      const compiler = tool(`typescript-${version}/bin/tsc`);
      for (const resolution of ["bundler", "nodenext"]) {
        await at.run("node", compiler, "-p", `tsconfig.${resolution}.json`);
      }
      return `${(await at.run("node", compiler, "--version")).replace("Version ", "")}: no error`;
    },
  }));
}
