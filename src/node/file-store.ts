import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { missing, type Store, storing } from "../store/store.ts";
import { readIfThere } from "./read-if-there.ts";
import { writeWhole } from "./write-whole.ts";

/** A store of files in a folder, which is made if it is not there. A file takes its place once it is whole. */
export function fileStore(folder: string): Store {
  const pathOf = (name: string) => join(folder, encodeURIComponent(name));
  const names = () =>
    storing(`list "${folder}"`, async () => {
      await mkdir(folder, { recursive: true });
      return (await readdir(folder)).map(decodeURIComponent).sort();
    });
  return {
    names,
    async get(name) {
      const bytes = await storing(`read "${name}"`, () => readIfThere(pathOf(name)));
      if (bytes !== undefined) return new Uint8Array(bytes);
      throw missing(name, await names());
    },
    put: (name, bytes) =>
      storing(`save "${name}"`, async () => {
        await mkdir(folder, { recursive: true });
        await writeWhole(pathOf(name), bytes);
      }),
    delete: (name) => storing(`delete "${name}"`, () => rm(pathOf(name), { force: true })),
  };
}
