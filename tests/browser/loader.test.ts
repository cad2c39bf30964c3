/** altermodal/loader in Chromium: the batches of workers of a page are those of Node. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import { type StaticServer, serveStatic } from "../../scripts/browser/serve.ts";
import { pictures } from "../../src/augment/index.ts";
import { mlp } from "../../src/encoders/index.ts";
import { train } from "../../src/index.ts";
import { mla } from "../../src/methods/index.ts";
import { connectLoader, serveBatches, type WorkerLike } from "../../src/worker/loader.ts";
import { computedRows, loaderJob } from "./loader-job.mjs";

/** A worker's script as docs/loader.md has it. */
const SCRIPT = `
  import { pictures } from "/dist/augment/index.js";
  import { serveBatches } from "/dist/worker/loader.js";
  import { computedRows } from "/tests/browser/loader-job.mjs";
  const receive = serveBatches(self, { parts: [pictures], openers: { computed: computedRows } });
  addEventListener("message", (event) => receive(event.data));
`;
const IMPORTS = `
  const { train } = await import("/dist/index.js");
  const { mla } = await import("/dist/methods/index.js");
  const { mlp } = await import("/dist/encoders/index.js");
  const { pictures } = await import("/dist/augment/index.js");
  const { connectLoader } = await import("/dist/worker/loader.js");
  const { loaderJob } = await import("/tests/browser/loader-job.mjs");
  const library = { train, mla, mlp, pictures };
`;

const library = { train, mla, mlp, pictures };
let server: StaticServer;
let browser: Browser;
let page: Page;

/** A worker in this thread. */
function localWorker(): WorkerLike {
  let answer: (data: unknown) => void = () => {};
  const port = { postMessage: (message: unknown) => setTimeout(() => answer(message), 0) };
  const receive = serveBatches(port, { parts: [pictures], openers: { computed: computedRows } });
  return {
    postMessage: (message: unknown) => setTimeout(() => receive(message), 0),
    terminate() {},
    on(type: string, listener: (data: unknown) => void) {
      if (type === "message") answer = listener;
    },
  } as WorkerLike;
}

beforeAll(async () => {
  server = await serveStatic({
    folders: { "/dist/": "dist", "/tests/browser/": "tests/browser", "/consumers/": "consumers" },
    pages: { "/index.html": "<!doctype html><title>test</title>", "/batches.js": SCRIPT },
    headers: {},
  });
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`${server.url}/`);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const inPage = (body: string) => page.evaluate(`(async () => { ${IMPORTS} ${body} })()`);

describe("altermodal/loader in Chromium", () => {
  it.each([1, 2])("gives the batches of Node, by %s worker(s) of a page", async (workers) => {
    const here = connectLoader(localWorker, { augmentations: [pictures] });
    const want = await loaderJob(library, here);
    here.dispose();
    // 3 epochs of 3 batches of 2 modalities.
    expect(want.reads).toBe(18);
    const found = await inPage(`
      const create = () => new Worker("/batches.js", { type: "module" });
      const loader = connectLoader(create, { workers: ${workers}, augmentations: [pictures] });
      const result = await loaderJob(library, loader);
      loader.dispose();
      return result;`);
    expect(found).toEqual(want);
    // Without a loader, the same weights: in Node and in the page.
    const alone = (await loaderJob(library)).weights;
    expect(alone).toBe(want.weights);
    expect(await inPage("return (await loaderJob(library)).weights;")).toBe(alone);
  });

  it("ends a training by a typed error where the script is missing", async () => {
    const message = await inPage(`
      const create = () => new Worker("/nothing.js", { type: "module" });
      const loader = connectLoader(create, { augmentations: [pictures] });
      return await loaderJob(library, loader).then(String, ({ code }) => code);`);
    expect(message).toBe("ERR_WORKER");
  });
});
