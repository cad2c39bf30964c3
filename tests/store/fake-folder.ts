/** A folder as browsers hand them out, in memory: what stores use of it. */

interface FakeFolder extends FileSystemDirectoryHandle {
  /** Whether files of it, and of its folders, refuse to be written. */
  full: boolean;
}

function notFound(): DOMException {
  return new DOMException("not there", "NotFoundError");
}

export function fakeFolder(parent?: FakeFolder): FakeFolder {
  const folders = new Map<string, FakeFolder>();
  const files = new Map<string, Uint8Array>();
  const folder = {
    full: false,
    async getDirectoryHandle(name: string, { create = false } = {}) {
      const found = folders.get(name);
      if (found === undefined && !create) throw notFound();
      const handle = found ?? fakeFolder(folder as unknown as FakeFolder);
      folders.set(name, handle);
      return handle;
    },
    async getFileHandle(name: string, { create = false } = {}) {
      if (name.includes("/")) throw new TypeError("no name of a file");
      if (!files.has(name) && !create) throw notFound();
      if (!files.has(name)) files.set(name, new Uint8Array(0));
      return {
        getFile: async () => new Blob([files.get(name) as Uint8Array<ArrayBuffer>]),
        async createWritable() {
          let draft = new Uint8Array(0);
          return {
            async write(bytes: Uint8Array) {
              if (parent?.full || folder.full) throw new DOMException("full", "QuotaExceededError");
              draft = bytes.slice();
            },
            close: async () => void files.set(name, draft),
            abort: async () => undefined,
          };
        },
      };
    },
    async removeEntry(name: string) {
      if (!files.delete(name)) throw notFound();
    },
    async *keys() {
      yield* files.keys();
    },
  };
  return folder as unknown as FakeFolder;
}
