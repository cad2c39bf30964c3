/** What becomes of a training whose tab is hidden: in a window, as a headless Chromium calls each of its tabs visible. */
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { job } from "../../consumers/job.mjs";
import { findChromium } from "../../scripts/browser/chromium.ts";
import { launchInWindow, type WindowedBrowser } from "../../scripts/browser/in-window.ts";
import { isInstalled } from "../../scripts/browser/screen.ts";
import { type StaticServer, serveStatic } from "../../scripts/browser/serve.ts";
import { bagOfWords, mlp } from "../../src/encoders/index.ts";
import { fromArrays, openModel, train } from "../../src/index.ts";
import { mla } from "../../src/methods/index.ts";

/** Half a second of training or more, in which the loop lets the event loop run ten times: ten seconds by hidden timers. */
const LENGTH = { epochs: 300, batchSize: 2 };
/** The rules for tabs that were hidden for five minutes, after one second: a timer then waits for up to a minute. */
const LONG_HIDDEN = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1";

/** `start(inWorker)` trains to epoch 3 and stands there; `goOn()` goes on to the end and tells what it saw meanwhile. */
const PAGE = `<!doctype html><title>test</title><script type="module">
  import { fromArrays, openModel, train } from "/dist/index.js";
  import { bagOfWords, mlp } from "/dist/encoders/index.js";
  import { mla } from "/dist/methods/index.js";
  import { connectWorker } from "/dist/worker/client.js";
  import { job } from "/consumers/job.mjs";

  globalThis.start = (inWorker) => new Promise((stands, fails) => {
    const settings = ${JSON.stringify(LENGTH)};
    if (inWorker) {
      settings.where = connectWorker(() => new Worker("/dist/worker/script.js", { type: "module" }));
    }
    let stood = false;
    settings.onBatch = ({ epoch }) => {
      if (epoch < 3 || stood) return;
      stood = true;
      globalThis.run.pause().then(stands);
    };
    const begin = (config) => (globalThis.run = train(config));
    const ended = job({ fromArrays, train: begin, openModel, mla, mlp, bagOfWords }, settings);
    ended.catch(fails);
    globalThis.goOn = async () => {
      const states = new Set([document.visibilityState]);
      addEventListener("visibilitychange", () => states.add(document.visibilityState), true);
      let ticks = 0;
      const timer = setInterval(() => ticks++, 20);
      const start = performance.now();
      globalThis.run.resume();
      const result = await ended;
      clearInterval(timer);
      settings.where?.dispose();
      return { result, states: [...states], ticks, seconds: (performance.now() - start) / 1000 };
    };
  });
</script>`;

interface Seen {
  readonly result: string;
  readonly states: readonly string[];
  /** Calls of a timer of 20 ms. */
  readonly ticks: number;
  readonly seconds: number;
}

const lacking =
  isInstalled("Xvfb") && findChromium() !== undefined ? "" : "apt-get install xvfb chromium";
if (lacking !== "")
  console.warn(`hidden-tab.test.ts is skipped: no Xvfb or no Chromium; ${lacking}`);

describe.skipIf(lacking !== "")("a training in a hidden tab (skipped without Xvfb)", () => {
  vi.setConfig({ testTimeout: 15_000 });
  const parts = { fromArrays, openModel, train, mla, mlp, bagOfWords };
  let want: string;
  let browser: WindowedBrowser;
  let server: StaticServer;
  beforeAll(async () => {
    const folders = { "/dist/": "dist", "/consumers/": "consumers" };
    server = await serveStatic({ folders, pages: { "/index.html": PAGE } });
    browser = await launchInWindow([LONG_HIDDEN]);
    want = await job(parts, LENGTH);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** A tab whose training stands at its third epoch, behind another one. */
  async function hiddenTraining(inWorker: boolean) {
    const tab = await browser.open(`${server.url}/`);
    await tab.until("typeof start === 'function'");
    await tab.until("document.visibilityState === 'visible'");
    await tab.evaluate(`start(${inWorker})`);
    await browser.open("about:blank");
    await tab.until("document.visibilityState === 'hidden'");
    return tab;
  }

  const places: readonly (readonly [string, boolean])[] = [
    ["in a worker", true],
    ["in the page itself", false],
  ];

  it.each(places)(
    "goes on to its end %s, where a timer gets one call a second",
    async (_, inWorker) => {
      const tab = await hiddenTraining(inWorker);
      const { seconds, ticks, ...seen } = await tab.evaluate<Seen>("goOn()");
      console.log(
        `trained ${seconds.toFixed(1)} s while hidden; calls of a timer of 20 ms: ${ticks}`,
      );
      expect(seen).toEqual({ result: want, states: ["hidden"] });
      // One a second, one at the start, and one that was due before the tab was hidden; 50 a second in a visible tab.
      expect(ticks).toBeLessThanOrEqual(seconds + 2);
    },
  );

  it.each(places)("goes on after the browser froze the tab, %s", async (_, inWorker) => {
    const tab = await hiddenTraining(inWorker);
    const ended = tab.evaluate<Seen>("goOn()");
    await tab.until("run.epochs.length > 10");
    await tab.freeze(true);
    const stood = await tab.evaluate<number>("run.epochs.length");
    await setTimeout(300);
    expect(await tab.evaluate("run.epochs.length")).toBe(stood);
    expect(stood).toBeLessThan(LENGTH.epochs);
    await tab.freeze(false);
    expect(await ended).toMatchObject({ result: want, states: ["hidden"] });
  });
});
