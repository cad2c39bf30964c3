import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Problem } from "../../src/node/prepare/item.ts";
import { choose, type FileSet, type Listing } from "../../src/node/prepare/set.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A folder with files of some contents; names end in no letter that matters. */
export async function folderOf(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

/** What a set's reader lists, and its problems as `where: message`, seen from the folder. */
export async function readSet<M extends string>(
  set: FileSet<M>,
  folder: string,
  given: { variant?: string; split?: string } = {},
): Promise<{ listing: Listing<M>; problems: string[] }> {
  const found: Problem[] = [];
  const listing = await set.read({
    folder,
    ...choose(set, given),
    ffmpeg: {},
    signal: new AbortController().signal,
    report: (problem) => found.push(problem),
  });
  const problems = found.map(({ where, message }) =>
    `${where}: ${message}`.replaceAll(`${folder}/`, ""),
  );
  return { listing, problems };
}
