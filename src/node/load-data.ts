import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { limitData } from "../data/limit.ts";
import type { DataOptions, DataSource, LoadedData } from "../data/source.ts";
import { formatNames, OptionError } from "../engine/errors.ts";
import { DEFAULT_CACHE_DIR, MANIFEST, readManifest } from "./data-cache.ts";
import { NODE_DATASETS } from "./datasets/index.ts";
import { type FileSource, type FormedSource, loadPrepared } from "./prepare/file-dataset.ts";
import type { PreparedManifest } from "./prepare/manifest.ts";
import { preparedName } from "./prepare/set.ts";

/**
 * A data set by its name, by the name under which it was prepared, or by the folder that holds it prepared.
 *
 * @param cacheDir - where prepared data are looked for
 * @throws {OptionError} that lists the data sets if there is none of this name
 */
export function findDataset(name: string, cacheDir: string = DEFAULT_CACHE_DIR): DataSource {
  if (Object.hasOwn(NODE_DATASETS, name)) {
    return NODE_DATASETS[name as keyof typeof NODE_DATASETS];
  }
  const folder = preparedFolder(name, cacheDir);
  if (folder !== undefined) return preparedSource(folder);
  throw new OptionError(
    `data: Cannot find "${name}": expected one of ${formatNames(Object.keys(NODE_DATASETS).sort())}, a name under which data were prepared in ${cacheDir}, or a folder with ${MANIFEST}`,
  );
}

/** Whether {@link findDataset} finds one. */
export function hasDataset(name: string, cacheDir: string): boolean {
  return Object.hasOwn(NODE_DATASETS, name) || preparedFolder(name, cacheDir) !== undefined;
}

function preparedFolder(name: string, cacheDir: string): string | undefined {
  return [name, join(cacheDir, name)].find((path) => existsSync(join(path, MANIFEST)));
}

export interface LoadOptions extends DataOptions {
  /** Samples of each part, to try something out; default: all. */
  readonly limit?: number;
}

/** Loads a data set by name. */
export async function loadData(
  name: string,
  { limit, ...options }: LoadOptions,
): Promise<LoadedData> {
  const data = await findDataset(name, options.cacheDir).load(options);
  return limit === undefined ? data : limitData(data, limit);
}

/** What lies prepared in a folder. */
function preparedSource(folder: string): FormedSource {
  const [cacheDir, name] = [dirname(folder), basename(folder)];
  const read = async () => {
    const found = await readManifest(cacheDir, name);
    const manifest = typeof found === "string" ? undefined : (found as PreparedManifest);
    const source = fileSources().find((known) => known.name === manifest?.set);
    if (source !== undefined && manifest !== undefined) return { set: source.set, manifest };
    const actual = typeof found === "string" ? found : `"${manifest?.set}"`;
    throw new OptionError(
      `data: Cannot load ${folder}: expected data of one of ${formatNames(fileSources().map((known) => known.name))}, got ${actual}`,
    );
  };
  const load = async (memory?: number) => loadPrepared((await read()).set, cacheDir, name, memory);
  return {
    name,
    title: `prepared in ${folder}`,
    licence: "see its manifest",
    async describe() {
      const { set, manifest } = await read();
      return { set: set.name, forms: manifest.forms };
    },
    prepare: async () => (await load(0)).manifest,
    load: (options = {}) => load(options.memory),
  };
}

/** The command that prepares data of this name. */
export function prepareCommand(name: string): string {
  for (const { set } of fileSources()) {
    for (const variant of set.variants ?? ["default"]) {
      for (const split of set.splits) {
        if (preparedName(set, { variant, split, limit: 0 }) !== name) continue;
        const chosen = variant === (set.variants?.[0] ?? variant) ? "" : ` --variant ${variant}`;
        const parts = split === set.splits[0] ? "" : ` --split ${split}`;
        return `altermodal prepare ${set.name}${chosen}${parts} --from DIR`;
      }
    }
  }
  return `altermodal prepare ${name} --from DIR`;
}

/** The data sets that are made from a user's files. */
export function fileSources(): FileSource[] {
  return Object.values<DataSource>(NODE_DATASETS).filter(
    (source) => "set" in source,
  ) as FileSource[];
}
