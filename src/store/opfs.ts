import { missing, type Store, storing, unavailable } from "./store.ts";

/**
 * A store in the browser's own files (origin private file system): for large models, read without a copy in the database.
 * A file is written beside and takes its place when it is whole.
 *
 * @param folder - its name: one per application
 * @param root - default: the runtime's own
 * @throws {StorageError} at once if the runtime has no such files
 */
export function opfsStore(
  folder = "altermodal",
  root: () => Promise<FileSystemDirectoryHandle> = ownRoot(),
): Store {
  const run = <T>(what: string, action: (files: FileSystemDirectoryHandle) => Promise<T>) =>
    storing(what, async () =>
      action(await (await root()).getDirectoryHandle(folder, { create: true })),
    );
  const names = () =>
    run("list the entries", async (files) => {
      const found: string[] = [];
      for await (const name of files.keys()) found.push(decodeURIComponent(name));
      return found.sort();
    });
  return {
    names,
    async get(name) {
      const bytes = await run(`read "${name}"`, async (files) => {
        const file = await find(files, name);
        return file && new Uint8Array(await (await file.getFile()).arrayBuffer());
      });
      if (bytes !== undefined) return bytes;
      throw missing(name, await names());
    },
    put: (name, bytes) =>
      run(`save "${name}"`, async (files) => {
        const isNew = (await find(files, name)) === undefined;
        const file = await files.getFileHandle(encodeURIComponent(name), { create: true });
        try {
          await write(file, bytes);
        } catch (error) {
          if (isNew) await files.removeEntry(encodeURIComponent(name));
          throw error;
        }
      }),
    delete: (name) =>
      run(`delete "${name}"`, async (files) => {
        if ((await find(files, name)) !== undefined)
          await files.removeEntry(encodeURIComponent(name));
      }),
  };
}

function ownRoot(): () => Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage;
  if (storage?.getDirectory === undefined) {
    throw unavailable("the origin private file system", "indexedDbStore()");
  }
  return () => storage.getDirectory();
}

async function find(
  files: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemFileHandle | undefined> {
  try {
    return await files.getFileHandle(encodeURIComponent(name));
  } catch (error) {
    if ((error as Partial<Error>).name === "NotFoundError") return undefined;
    throw error;
  }
}

/** A larger piece can still be on its way when Chromium finds the storage full: its error then does not say so. */
const PIECE_BYTES = 2 ** 18;

/** What is written lies beside the file until it is closed. */
async function write(file: FileSystemFileHandle, bytes: Uint8Array): Promise<void> {
  const writable = await file.createWritable();
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      await writable.write(bytes.subarray(at, at + PIECE_BYTES) as Uint8Array<ArrayBuffer>);
    }
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
}
