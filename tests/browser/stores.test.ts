import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import { type StaticServer, serveStatic } from "../../scripts/browser/serve.ts";

/** Of an origin with no room left but what it has. */
const QUOTA = 2_000_000;

let browser: Browser;
let own: StaticServer;
let sandboxed: StaticServer;
beforeAll(async () => {
  const options = {
    folders: { "/dist/": "dist" },
    pages: { "/index.html": "<!doctype html><title>test</title>" },
  };
  own = await serveStatic(options);
  // An origin that no storage is given to, as a third party's frame where cookies are blocked.
  const headers = {
    "Content-Security-Policy": "sandbox allow-scripts",
    "Access-Control-Allow-Origin": "*",
  };
  sandboxed = await serveStatic({ ...options, headers });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([own?.close(), sandboxed?.close()]);
});

/** What a script says of a store; text, since the test runner rewrites imports of functions. */
function withStore<T>(page: Page, make: string, script: string): Promise<T> {
  return page.evaluate(`(async () => {
    const { fromArrays, loadModel, train } = await import("/dist/index.js");
    const { indexedDbStore, opfsStore } = await import("/dist/store/index.js");
    const { mlp } = await import("/dist/encoders/index.js");
    const tell = (promise) => promise.then(() => "no error", ({ name, message }) => name + ": " + message);
    const hash = async (bytes) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].join();
    const store = ${make}("test");
    ${script}
  })()`);
}

describe.each(["indexedDbStore", "opfsStore"])("%s in Chromium", (make) => {
  it("keeps a model over a reload, gives it back to the bit, and forgets it", async () => {
    const page = await browser.newPage();
    await page.goto(`${own.url}/`);
    const saved = await withStore(
      page,
      make,
      `const data = fromArrays({ modalities: { easy: [[0, 1], [1, 0]] }, labels: ["class 0", "class 1"] });
      const model = await train({ data: { train: data }, encoders: { easy: mlp() }, epochs: 1 }).finish();
      await store.put("a/b 1", new Uint8Array(3));
      await store.put("a/b 1", model.save());
      return hash(model.save());`,
    );
    await page.reload();
    const script = `const bytes = await store.get("a/b 1");
      const { label } = (await loadModel(bytes)).predict({ easy: [1, 0] });
      const found = { names: await store.names(), hash: await hash(bytes), label };
      await store.delete("a/b 1");
      return { ...found, left: await store.names(), error: await tell(store.get("a/b 1")) };`;
    expect(await withStore(page, make, script)).toEqual({
      names: ["a/b 1"],
      hash: saved,
      label: expect.stringMatching(/^class/),
      left: [],
      error: 'StorageError: store: Cannot find "a/b 1": expected an entry of this name, got none',
    });
    await page.close();
  });

  it("says that the storage is full, and keeps what was there", async () => {
    const page = await browser.newPage();
    await page.goto(`${own.url}/`);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: own.url, quotaSize: QUOTA });
    await withStore(page, make, `await store.put("model", new Uint8Array([1, 2, 3]));`);
    const script = `const large = crypto.getRandomValues(new Uint8Array(65536));
      const bytes = new Uint8Array(${4 * QUOTA}).map((_, i) => large[i % 65536] ^ (i >> 16));
      const errors = [await tell(store.put("model", bytes)), await tell(store.put("new", bytes))];
      return { errors, names: await store.names(), kept: [...(await store.get("model")).subarray(0, 9)] };`;
    const full =
      /^StorageError: store: Cannot save "(model|new)": expected room for it, got a full/;
    expect(await withStore(page, make, script)).toEqual({
      errors: [expect.stringMatching(full), expect.stringMatching(full)],
      names: ["model"],
      kept: [1, 2, 3],
    });
    await page.close();
  });

  it("says that the storage is denied", async () => {
    const page = await browser.newPage();
    await page.goto(`${sandboxed.url}/`);
    const script = `return [
        await tell(store.put("model", new Uint8Array(3))),
        await tell(store.get("model")),
        await tell(store.names()),
      ];`;
    const denied =
      /^StorageError: store: Cannot .*: expected leave to store there, got none; allow it/;
    expect(await withStore(page, make, script)).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(denied)),
    );
    await page.close();
  });
});

it("opfsStore tells a storage that gets full while it writes", async () => {
  const page = await browser.newPage();
  await page.goto(`${own.url}/`);
  await withStore(page, "opfsStore", `await store.put("model", new Uint8Array([1, 2, 3]));`);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: own.url, quotaSize: QUOTA });
  const script = `const error = await tell(store.put("model", new Uint8Array(${4 * QUOTA})));
    return { error, kept: [...(await store.get("model")).subarray(0, 9)] };`;
  expect(await withStore(page, "opfsStore", script)).toEqual({
    error: expect.stringMatching(/^StorageError: .* got a full storage/),
    kept: [1, 2, 3],
  });
  await devtools.send("Storage.overrideQuotaForOrigin", { origin: own.url });
  const again = `await store.put("model", new Uint8Array(${4 * QUOTA}));
    return (await store.get("model")).length;`;
  expect(await withStore(page, "opfsStore", again)).toBe(4 * QUOTA);
  await page.close();
});
