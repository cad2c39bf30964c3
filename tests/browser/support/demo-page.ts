/** The demo page, built once, opened in a browser, and watched. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { bundle } from "../../../demo/build/bundle.ts";
import { launchChromium } from "../../../scripts/browser/chromium.ts";
import { type StaticServer, serveStatic } from "../../../scripts/browser/serve.ts";

/** Ignored by git; the pictures are for people. */
export const SHOTS = "build/demo-shots";

/** What must stay empty, and how long the main thread was ever blocked. */
export interface Watch {
  /** Errors of the console and of scripts. */
  readonly errors: string[];
  /** Address and method of every request since the page was opened. */
  readonly requests: string[];
  /** Milliseconds of each task above 50. */
  longTasks(): Promise<number[]>;
}

export interface DemoSetting {
  browser: Browser;
  server: StaticServer;
}

/**
 * The page served and a browser for all tests of a file, and their end.
 *
 * @param flags - of Chromium, once they are known
 * @returns what is filled in before the first test
 */
export function demoSetting(flags: () => Promise<string[]> = async () => []): DemoSetting {
  const setting = {} as DemoSetting;
  beforeAll(async () => {
    setting.server = await serveDemo();
    setting.browser = await launchChromium(await flags());
  });
  afterAll(async () => {
    await setting.browser?.close();
    await setting.server?.close();
  });
  return setting;
}

/** The page's button of this name. */
export function button(page: Page, name: string): Locator {
  return page.getByRole("button", { name, exact: true });
}

/** Clicks the page's button of this name as soon as it can be clicked: what it is about may soon be over. */
export function clickAtOnce(page: Page, name: string): Promise<void> {
  return page.evaluate(
    (text) =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(look);
        function look(): void {
          const buttons = [...document.querySelectorAll("button")];
          const found = buttons.find((one) => one.textContent === text && !one.disabled);
          if (found === undefined) return;
          observer.disconnect();
          found.click();
          resolve();
        }
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        look();
      }),
    name,
  );
}

/** Under a path that is not the root, without headers: as on any static host. */
async function serveDemo(): Promise<StaticServer> {
  await bundle(join(process.cwd(), "build/demo-test"));
  await mkdir(SHOTS, { recursive: true });
  const server = await serveStatic({ folders: { "/some/path/": "build/demo-test" }, headers: {} });
  return { ...server, url: `${server.url}/some/path/` };
}

export async function openDemo({
  browser,
  server: { url },
}: DemoSetting): Promise<{ page: Page; watch: Watch }> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
  });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  page.on("pageerror", ({ message }) => errors.push(message));
  page.context().on("request", (request) => {
    requests.push(`${request.method()} ${request.url().replace(url, "")}`);
  });
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(url);
  const longTasks = () =>
    page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  return { page, watch: { errors, requests, longTasks } };
}
