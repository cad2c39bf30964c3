import { missing, type Store, storing, unavailable } from "./store.ts";

const OBJECTS = "files";

/**
 * A store in IndexedDB: pages, workers and extensions of all browsers. An entry is written in one transaction, so it is
 * there as a whole or not at all.
 *
 * @param database - its name: one per application
 * @param factory - default: the runtime's own
 * @throws {StorageError} at once if the runtime has no IndexedDB
 */
export function indexedDbStore(
  database = "altermodal",
  factory: IDBFactory | undefined = globalThis.indexedDB,
): Store {
  if (factory === undefined) throw unavailable("IndexedDB", "a store of files, or model.save()");
  const run = <T>(
    what: string,
    mode: IDBTransactionMode,
    ask: (objects: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> =>
    storing(what, async () => {
      const db = await open(factory, database);
      try {
        const transaction = db.transaction(OBJECTS, mode);
        const request = ask(transaction.objectStore(OBJECTS));
        await finished(transaction);
        return request.result;
      } finally {
        db.close();
      }
    });
  const names = () =>
    run("list the entries", "readonly", (objects) => objects.getAllKeys()) as Promise<string[]>;
  return {
    names,
    async get(name) {
      const found = await run(`read "${name}"`, "readonly", (objects) => objects.get(name));
      if (found instanceof Uint8Array) return found;
      throw missing(name, await names());
    },
    async put(name, bytes) {
      // A view of a larger buffer would be stored with all of it.
      await run(`save "${name}"`, "readwrite", (objects) => objects.put(bytes.slice(), name));
    },
    async delete(name) {
      await run(`delete "${name}"`, "readwrite", (objects) => objects.delete(name));
    },
  };
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(OBJECTS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older version of it"));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
