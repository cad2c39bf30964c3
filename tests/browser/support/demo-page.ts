/** The demo page, built once, opened in a browser, and watched. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { bundle } from "../../../demo/build/bundle.ts";
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

/** Under a path that is not the root, without headers: as on any static host. */
export async function serveDemo(): Promise<StaticServer> {
  await bundle(join(process.cwd(), "build/demo-test"));
  await mkdir(SHOTS, { recursive: true });
  const server = await serveStatic({ folders: { "/some/path/": "build/demo-test" }, headers: {} });
  return { ...server, url: `${server.url}/some/path/` };
}

export async function openDemo(
  browser: Browser,
  { url }: StaticServer,
  width = 1280,
): Promise<{ page: Page; watch: Watch }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
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
