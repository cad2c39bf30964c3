import { expect, it } from "vitest";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import { serveStatic } from "../../scripts/browser/serve.ts";
import { FEATURES_HASH } from "./features-job.mjs";

/** Text, since the test runner rewrites imports of functions. */
const RUN = `(async () => {
  const library = await import("/dist/features/index.js");
  const { Random } = await import("/dist/random.js");
  const { featuresJob } = await import("/tests/features-job.mjs");
  return featuresJob(library, Random);
})()`;

it("gives the bits of Node for all features in Chromium", async () => {
  const server = await serveStatic({
    folders: { "/dist/": "dist", "/tests/": "tests/browser" },
    pages: { "/index.html": "<!doctype html><title>test</title>" },
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}/`);
    const hash = await page.evaluate(RUN);
    expect(hash).toBe(FEATURES_HASH);
  } finally {
    await browser.close();
    await server.close();
  }
});
