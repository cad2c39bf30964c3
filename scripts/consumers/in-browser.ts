import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchChromium, launchWithExtension } from "../browser/chromium.ts";
import { serveStatic } from "../browser/serve.ts";

/** The policy that a MV3 extension's pages have if they use WebAssembly. */
const EXTENSION_POLICY = "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'";

/**
 * What a page of the folder writes into its title: `done: RESULT`.
 *
 * @param script - loaded by an empty page; default: the folder has an index.html
 */
export async function resultOfPage(
  folder: string,
  script?: string,
  policy?: string,
): Promise<string> {
  const page = script && `<!doctype html><script type="module" src="/${script}"></script>`;
  const server = await serveStatic({
    folders: { "/": folder },
    headers: policy === undefined ? {} : { "Content-Security-Policy": policy },
    ...(page && { pages: { "/index.html": page } }),
  });
  const browser = await launchChromium();
  try {
    return await titleOf(await browser.newPage(), `${server.url}/`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** As {@link resultOfPage}, under the policy that the extension's manifest states; its files are its own. */
export function resultOfExtension(folder: string): Promise<string> {
  return resultOfPage(folder, undefined, EXTENSION_POLICY);
}

/** As {@link resultOfPage}, of the folder loaded as an extension: its page has the origin and the policy of one. */
export async function resultOfLoadedExtension(folder: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "altermodal-"));
  const browser = await launchWithExtension(folder, profile);
  try {
    return await titleOf(await browser.newPage(), `chrome-extension://${idOf(folder)}/index.html`);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Chromium names an extension that has no key by its folder: 32 hexadecimal digits, as the letters from a to p. */
function idOf(folder: string): string {
  const digits = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return [...digits].map((digit) => "abcdefghijklmnop"[Number.parseInt(digit, 16)]).join("");
}

async function titleOf(tab: Page, url: string): Promise<string> {
  const errors: string[] = [];
  tab.on("pageerror", (error) => void errors.push(String(error)));
  tab.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await tab.goto(url);
  await tab
    .waitForFunction(() => document.title.startsWith("done: "), undefined, { timeout: 40_000 })
    .catch(() => {
      throw new Error(`page: expected a result, got ${errors.join("; ") || "none"}`);
    });
  return (await tab.title()).slice("done: ".length);
}
