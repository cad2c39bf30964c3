/** Browsers of other makers, which are told an address and nothing else: their page posts what came out. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { end, isInstalled, openScreen } from "./screen.ts";
import { type ServeOptions, serveStatic } from "./serve.ts";

export interface OtherBrowser {
  readonly program: string;
  /** What `apt-get install` must bring. */
  readonly packages: string;
  /** Variables of its environment, beside the screen and a home folder of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** @param profile - an empty folder */
  args(url: string, profile: string): string[];
}

export const FIREFOX: OtherBrowser = {
  program: "firefox-esr",
  packages: "firefox-esr xvfb",
  args: (url, profile) => ["--no-remote", "--profile", profile, url],
};

/** WebKitGTK, of the engine of Safari, in a window of little more. */
export const WEBKIT: OtherBrowser = {
  program: "surf",
  packages: "surf xvfb",
  // Without it pages have no SharedArrayBuffer there, though they are told that they are isolated.
  env: { JSC_useSharedArrayBuffer: "1" },
  args: (url) => ["-N", url],
};

/** Most that a page may take, with the start of the browser. */
const TIMEOUT_MS = 90_000;

/** What must be installed first; undefined if all is there. */
export function lacking({ program, packages }: OtherBrowser): string | undefined {
  return isInstalled(program) && isInstalled("Xvfb") ? undefined : `apt-get install ${packages}`;
}

/**
 * Opens the start page of what is served and waits for what it posts.
 *
 * @throws {Error} if that begins with "error: ", or does not come
 */
export async function postedBy(browser: OtherBrowser, served: ServeOptions): Promise<string> {
  let posted: (text: string) => void = () => {};
  const result = new Promise<string>((resolve) => {
    posted = resolve;
  });
  const server = await serveStatic({ ...served, posted });
  const screen = await openScreen();
  const profile = mkdtempSync(join(tmpdir(), "altermodal-browser-"));
  const program = spawn(browser.program, browser.args(`${server.url}/`, profile), {
    env: { ...process.env, ...browser.env, HOME: profile, DISPLAY: screen.display },
    stdio: "ignore",
  });
  try {
    const late = setTimeout(TIMEOUT_MS, "error: expected a result, got none", { ref: false });
    const text = await Promise.race([result, late]);
    if (text.startsWith("error: ")) throw new Error(`page: ${text}`);
    return text;
  } finally {
    await end(program);
    await screen.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
