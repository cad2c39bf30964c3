/** What a browser, a host or a visitor may refuse: one message with one remedy each, and nothing is lost. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { serveStatic } from "../../scripts/browser/serve.ts";
import { button, clickAtOnce, demoSetting, openDemo } from "./support/demo-page.ts";

const demo = demoSetting();

const status = (page: Page) => page.locator("#race .run .hint").last();

it("WebAssembly refused by a policy: training and recordings say so, and what to add", async () => {
  const strict = await serveStatic({
    folders: { "/": "build/demo-test" },
    headers: { "Content-Security-Policy": "script-src 'self'" },
  });
  const { page } = await openDemo({ browser: demo.browser, server: strict });
  const remedy = /expected a runtime that allows WebAssembly.*add 'wasm-unsafe-eval' to script-src/;
  await button(page, "Train both").click();
  await page.getByText(remedy).nth(1).waitFor();
  await button(page, "Use ready-made recordings").click();
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toMatch(remedy);
  await button(page, "Train both").waitFor();
  await page.close();
  await strict.close();
});

it("no shared memory: one thread, why, and the two headers; a cancelled training keeps what it has", async () => {
  const { page, watch } = await openDemo(demo);
  await page.getByRole("radio", { name: "Made numbers: easy + hard" }).check();
  await page.getByRole("radio", { name: "all processors" }).check();
  await page
    .getByText(/One thread all the same.*Cross-Origin-Opener-Policy: same-origin/)
    .waitFor();
  await button(page, "Train both").click();
  await button(page, "Train both again").waitFor();
  expect(await page.getByText("1: not cross-origin isolated").count()).toBe(2);
  const verdict = await page.locator("#decide .verdict").textContent();
  // Cancelled while it stands before its first batch: the model from before answers as it did.
  const stood = clickAtOnce(page, "Pause");
  await button(page, "Train both again").click();
  await stood;
  await button(page, "Cancel").click();
  await button(page, "Train both again").waitFor();
  expect(await status(page).textContent()).toMatch(
    /Cancelled (in .* kept|before the first epoch ended. The model from before is kept; Train again)/,
  );
  expect(await page.locator("#decide .verdict").textContent()).toMatch(/^It says/);
  expect(verdict).toMatch(/^It says/);
  expect(watch.errors).toEqual([]);
  await page.close();
});

it("denied or full storage: one message, the model and what was kept before stay", async () => {
  const { page } = await openDemo(demo);
  await page.getByRole("radio", { name: "Made numbers: easy + hard" }).check();
  await button(page, "Train both").click();
  await button(page, "Train both again").waitFor();
  await button(page, "Keep in this browser").click();
  await page.getByText("Kept MLA in this browser.").waitFor();
  const code = await page.locator("#engine .panel:last-child code").textContent();
  for (const [name, remedy] of [
    ["QuotaExceededError", "got a full storage; delete other entries or free the disk"],
    ["SecurityError", "expected leave to store there, got none; allow it"],
  ] as const) {
    await page.evaluate((refusal) => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("refused", refusal);
      };
    }, name);
    await button(page, "Keep in this browser").click();
    await page.getByText(remedy).waitFor();
    expect(await page.locator("#keep > .hint").first().textContent()).toMatch(/is kept\.$/);
  }
  await button(page, "Open MLA").click();
  await page.getByText(`Weights ${code}`).waitFor();
  await page.close();
});
