import { launchChromium } from "../browser/chromium.ts";
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
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on("pageerror", (error) => void errors.push(String(error)));
    tab.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await tab.goto(`${server.url}/`);
    await tab
      .waitForFunction(() => document.title.startsWith("done: "), undefined, { timeout: 40_000 })
      .catch(() => {
        throw new Error(`page: expected a result, got ${errors.join("; ") || "none"}`);
      });
    return (await tab.title()).slice("done: ".length);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** As {@link resultOfPage}, under the policy that the extension's manifest states; its files are its own. */
export function resultOfExtension(folder: string): Promise<string> {
  return resultOfPage(folder, undefined, EXTENSION_POLICY);
}
