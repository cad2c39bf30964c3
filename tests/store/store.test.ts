import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, describe, expect, it, vi } from "vitest";
import { StorageError } from "../../src/engine/errors.ts";
import { fileStore } from "../../src/node/file-store.ts";
import { indexedDbStore, opfsStore, type Store } from "../../src/store/index.ts";
import { loadModel } from "../../src/train/load-model.ts";
import { train } from "../../src/train/train.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { SMALL } from "../train/support.ts";
import { fakeFolder } from "./fake-folder.ts";

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  IndexedDB: async () => indexedDbStore("test", new IDBFactory()),
  "origin private files": async () => {
    const root = fakeFolder();
    return opfsStore("test", async () => root);
  },
  files: async () => fileStore(join(await temporaryFolder(), "models")),
};

describe.each(Object.entries(STORES))("a store in %s", (_, make) => {
  it("keeps a model, and gives it back to the bit", async () => {
    const store = await make();
    const model = await train({ ...SMALL, epochs: 1 }).finish();
    // A view in the middle of a larger buffer: only its own bytes are stored.
    const bytes = model.save();
    const wide = new Uint8Array(bytes.length + 20);
    wide.set(bytes, 10);
    await store.put("a/model", wide.subarray(10, 10 + bytes.length));
    await store.put("b", Uint8Array.of(1, 2, 3));
    expect(await store.names()).toEqual(["a/model", "b"]);
    expect(await store.get("a/model")).toEqual(bytes);
    const again = await loadModel(await store.get("a/model"));
    expect(again.save()).toEqual(bytes);
    await store.put("b", Uint8Array.of(4));
    expect([...(await store.get("b"))]).toEqual([4]);
    await store.delete("b");
    await store.delete("b");
    expect(await store.names()).toEqual(["a/model"]);
    await expect(store.get("b")).rejects.toThrow(StorageError);
    await expect(store.get("b")).rejects.toThrow(
      'store: Cannot find "b": expected one of "a/model", got none',
    );
    for (const each of [model, again]) each.dispose();
  });
});

describe("a storage that fails", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ["QuotaExceededError", "room for it, got a full storage; delete other entries"],
    ["SecurityError", "leave to store there, got none; allow it"],
    ["UnknownError", "a working storage, got: broken"],
  ])("in IndexedDB with %s says so, and the earlier entry is kept", async (name, message) => {
    const store = indexedDbStore("test", new IDBFactory());
    await store.put("x", Uint8Array.of(1));
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("broken", name);
    });
    await expect(store.put("x", Uint8Array.of(2))).rejects.toThrow(StorageError);
    await expect(store.put("x", Uint8Array.of(2))).rejects.toThrow(message);
    expect([...(await store.get("x"))]).toEqual([1]);
  });

  it("in the middle of a file keeps the earlier one, and leaves no empty new one", async () => {
    const root = fakeFolder();
    const store = opfsStore("test", async () => root);
    await store.put("x", Uint8Array.of(1));
    root.full = true;
    await expect(store.put("x", Uint8Array.of(2))).rejects.toThrow("got a full storage");
    await expect(store.put("new", Uint8Array.of(2))).rejects.toThrow(StorageError);
    expect([...(await store.get("x"))]).toEqual([1]);
    expect(await store.names()).toEqual(["x"]);
  });

  it("in a folder names it and what to do, and leaves no part of a file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    await expect(fileStore(join(folder, "file")).put("x", Uint8Array.of(1))).rejects.toThrow(
      StorageError,
    );
    const store = fileStore(join(folder, "models"));
    await mkdir(join(folder, "models", "x"), { recursive: true });
    await expect(store.put("x", Uint8Array.of(1))).rejects.toThrow(StorageError);
    expect(await readdir(join(folder, "models"))).toEqual(["x"]);
  });

  it("is refused at once where there is none", () => {
    expect(() => indexedDbStore("x", undefined)).toThrow(StorageError);
    expect(() => indexedDbStore("x", undefined)).toThrow("a runtime that has it, got one without");
    expect(() => opfsStore("x")).toThrow("use indexedDbStore()");
  });
});
