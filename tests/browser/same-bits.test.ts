import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { job } from "../../consumers/job.mjs";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import { type StaticServer, serveStatic } from "../../scripts/browser/serve.ts";
import { bagOfWords, mlp } from "../../src/encoders/index.ts";
import { fromArrays, openModel, train } from "../../src/index.ts";
import { mla } from "../../src/methods/index.ts";

const IMPORTS = `
  import { createEngine, fromArrays, openModel, train } from "/dist/index.js";
  import { bagOfWords, mlp } from "/dist/encoders/index.js";
  import { mla } from "/dist/methods/index.js";
  import { webThreads } from "/dist/engine/web-threads.js";
  import { connectWorker } from "/dist/worker/client.js";
  import { job, jobSettings } from "/consumers/job.mjs";
  const library = { fromArrays, train, openModel, mla, mlp, bagOfWords };
  const newWorker = () => new Worker("/dist/worker/script.js", { type: "module" });
`;

let browser: Browser;
let isolated: StaticServer;
let open: StaticServer;
const want = job({ fromArrays, train, openModel, mla, mlp, bagOfWords });

beforeAll(async () => {
  const options = {
    folders: { "/dist/": "dist", "/consumers/": "consumers" },
    pages: { "/index.html": "<!doctype html><title>test</title>" },
  };
  isolated = await serveStatic(options);
  open = await serveStatic({ ...options, headers: {} });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([isolated?.close(), open?.close()]);
});

/** What a module script that sets `globalThis.result` comes to. */
async function inPage(server: StaticServer, script: string): Promise<unknown> {
  const page: Page = await browser.newPage();
  try {
    await page.goto(`${server.url}/`);
    return await page.evaluate(
      (content) =>
        new Promise((resolve, reject) => {
          const element = document.createElement("script");
          element.type = "module";
          element.textContent = content;
          Object.assign(globalThis, { resolve, reject });
          addEventListener("error", ({ message }) => reject(new Error(message)));
          document.head.append(element);
        }),
      `${IMPORTS} (async () => { ${script} })().then(resolve, reject);`,
    );
  } finally {
    await page.close();
  }
}

describe("a training in Chromium", () => {
  it("gives the bits of Node", async () => {
    expect(await inPage(open, "return await job(library);")).toBe(await want);
  });

  it("gives them in a worker, with progress", async () => {
    const script = `
      const where = connectWorker(newWorker);
      const batches = [];
      const onBatch = ({ epoch, batch }) => batches.push([epoch, batch]);
      const result = await job(library, { where, onBatch });
      where.dispose();
      return { result, last: batches.at(-1) };`;
    expect(await inPage(open, script)).toEqual({ result: await want, last: [4, 3] });
  });

  it("gives them on two threads of a cross-origin isolated page", async () => {
    const script = `
      const pool = webThreads(() => new Worker("/dist/engine/web-thread.js", { type: "module" }));
      const engine = await createEngine({ threads: 2, pool });
      const result = await job(library, { engine });
      const info = engine.info();
      await engine.dispose();
      return { result, info };`;
    const info = { build: "simd-threads", threads: 2, reason: "2 threads asked for" };
    expect(await inPage(isolated, script)).toEqual({ result: await want, info });
    const alone = { build: "simd", threads: 1, reason: "not cross-origin isolated" };
    expect(await inPage(open, script)).toEqual({ result: await want, info: alone });
  });

  it("stops at an abort, in the page and in a worker, and keeps the model so far", async () => {
    const script = `
      const where = connectWorker(newWorker);
      const results = [];
      for (const place of [{}, { where }]) {
        const abort = new AbortController();
        const run = train({ ...jobSettings(library), epochs: 1e6, signal: abort.signal, ...place });
        try {
          for await (const { epoch } of run) if (epoch === 3) abort.abort();
        } catch (error) {
          const parameters = await run.model.parameters();
          results.push([error.name, parameters.size > 0]);
        }
      }
      where.dispose();
      return results;`;
    expect(await inPage(open, script)).toEqual([
      ["AbortError", true],
      ["AbortError", true],
    ]);
  });

  it("rejects with a typed error if the worker's script is missing", async () => {
    const script = `
      const where = connectWorker(() => new Worker("/nothing.js", { type: "module" }));
      return await job(library, { where }).catch(({ code, message }) => ({ code, message }));`;
    expect(await inPage(open, script)).toEqual({
      code: "ERR_WORKER",
      message: expect.stringContaining("a script that does not load; check its URL"),
    });
  });
});
