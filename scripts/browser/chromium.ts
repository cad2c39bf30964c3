import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

/** Where Debian and others put it; the environment variable CHROMIUM goes first. */
const PLACES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Of every start, headless or not. */
export const QUIET_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser's program; undefined if there is none. */
export function findChromium(): string | undefined {
  return PLACES.find((path) => path !== undefined && existsSync(path));
}

/**
 * Starts a headless Chromium; close it in the end.
 *
 * @param flags - further ones, such as `--use-fake-device-for-media-stream`
 * @throws {Error} that says how to get one, if there is none
 */
export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram(),
    args: ["--headless", ...QUIET_FLAGS, ...flags],
  });
}

/** As {@link launchChromium}, with the extension of a folder, in an empty folder for its profile. */
export function launchWithExtension(folder: string, profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: chromiumProgram(),
    // The old headless mode, which playwright would choose, has no extensions.
    ignoreDefaultArgs: ["--headless", "--disable-extensions"],
    args: [
      "--headless=new",
      ...QUIET_FLAGS,
      `--disable-extensions-except=${folder}`,
      `--load-extension=${folder}`,
    ],
  });
}

/** As {@link findChromium}. @throws {Error} that says how to get one, if there is none */
export function chromiumProgram(): string {
  const path = findChromium();
  if (path !== undefined) return path;
  throw new Error(
    "browser: Cannot start Chromium: expected it installed, got none; apt-get install chromium, or set CHROMIUM",
  );
}
