/** Models that this browser keeps from visit to visit. */
import { signal } from "@preact/signals";
import { indexedDbStore, type Store } from "altermodal/store";
import { openModelFile } from "./open-model.ts";
import type { Studio } from "./studio.ts";

export const keptNames = signal<readonly string[]>([]);

let store: Store | undefined;

/** @throws {StorageError} if the browser has no storage */
function storage(): Store {
  store ??= indexedDbStore("altermodal-demo");
  return store;
}

/** Fills {@link keptNames}; a browser that denies its storage keeps nothing. */
export async function listKept(): Promise<void> {
  keptNames.value = await storage().names();
}

/** @throws {StorageError} if the storage is full or denied; what was kept stays */
export async function keep(studio: Studio): Promise<string> {
  await storage().put(studio.title, await studio.save());
  await listKept();
  return `Kept ${studio.title} in this browser.`;
}

export async function openKept(name: string): Promise<string> {
  const { hash } = await openModelFile(await storage().get(name));
  return `Opened ${name} as it was kept. Weights ${hash?.slice(0, 16) ?? "not hashed"}.`;
}

export async function forget(name: string): Promise<string> {
  await storage().delete(name);
  await listKept();
  return `Forgot ${name}.`;
}
