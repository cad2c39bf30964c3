/** A data set from files as others see it: prepared once, loaded by name. */
import { join } from "node:path";
import type { DataOptions, DataSource, LoadedData } from "../../data/source.ts";
import { DataError } from "../../engine/errors.ts";
import { type CachedData, DEFAULT_CACHE_DIR, readCache, readManifest } from "../data-cache.ts";
import { openParts } from "../prepared-dataset.ts";
import type { FormChoice } from "./form.ts";
import { FORMAT, hashPreprocessing, type PreparedManifest } from "./manifest.ts";
import { type PrepareOptions, prepareSet } from "./prepare-set.ts";
import { choose, type FileSet, preparedName } from "./set.ts";

/** A source that knows the forms of its modalities before anything is loaded. */
export interface FormedSource<M extends string = string> extends DataSource<M> {
  /** The set it comes from, and its forms. @throws {DataError} if that cannot be known before it is prepared */
  describe(): Promise<{ readonly set: string; readonly forms: Readonly<Record<M, FormChoice>> }>;
}

export function hasForms(source: DataSource): source is FormedSource {
  return "describe" in source;
}

/** A source whose data come from files that a user has. */
export interface FileSource<M extends string = string> extends FormedSource<M> {
  readonly set: FileSet<M>;
  /** Prepares the data; quick if they are ready. */
  prepare(options?: PrepareOptions): Promise<PreparedManifest>;
  /** Loads what was prepared with the defaults; prepares it first if the files are found without help. */
  load(options?: DataOptions): Promise<LoadedData<M>>;
}

/** Makes a source of a set. */
export function fileDataset<M extends string>(set: FileSet<M>): FileSource<M> {
  const { name, title, licence } = set;
  return {
    name,
    title,
    licence,
    set,
    describe: async () => ({ set: name, forms: set.forms(choose(set, {}).variant) }),
    async prepare(options = {}) {
      const wanted = options.name ?? preparedName(set, choose(set, options), options.from);
      const cacheDir = options.cacheDir ?? DEFAULT_CACHE_DIR;
      if (!options.force) {
        const ready = await readPrepared(set, cacheDir, wanted, 0);
        if (typeof ready !== "string") return ready.manifest;
        options.onProgress?.(`${wanted}: ${ready}`);
      }
      return prepareSet(set, options);
    },
    async load(options = {}) {
      const cacheDir = options.cacheDir ?? DEFAULT_CACHE_DIR;
      const ready = await readPrepared(set, cacheDir, name, options.memory);
      if (typeof ready !== "string") return open<M>(ready);
      if (set.find?.() === undefined) {
        throw new DataError(
          `${name}: Cannot load the data: expected them prepared in ${join(cacheDir, name)}, got: ${ready}; run altermodal prepare ${name} --from DIR`,
        );
      }
      await prepareSet(set, { ...options });
      return loadPrepared<M>(set, cacheDir, name, options.memory);
    },
  };
}

/**
 * Loads what was prepared of a set under a name.
 *
 * @param memory - {@link DataOptions.memory}
 * @throws {DataError} if it is not there, is damaged, or was prepared otherwise than this version would
 */
export async function loadPrepared<M extends string = string>(
  set: FileSet,
  cacheDir: string,
  name: string,
  memory?: number,
): Promise<LoadedData<M>> {
  const ready = await readPrepared(set, cacheDir, name, memory);
  if (typeof ready !== "string") return open<M>(ready);
  throw new DataError(
    `${name}: Cannot load the data: expected them whole in ${join(cacheDir, name)}, got: ${ready}; run altermodal prepare ${set.name} --force`,
  );
}

type Ready = CachedData & { readonly manifest: PreparedManifest };

/** @returns the data, or in words why they cannot be used */
async function readPrepared(
  set: FileSet,
  cacheDir: string,
  name: string,
  memory: number | undefined,
): Promise<Ready | string> {
  const found = await readManifest(cacheDir, name);
  if (typeof found === "string") return found;
  const manifest = found as PreparedManifest;
  if (manifest.format !== FORMAT || manifest.set !== set.name || !manifest.choices) {
    return "prepared by another version";
  }
  const { choices, ownForms } = manifest;
  const forms: Readonly<Record<string, FormChoice>> = ownForms
    ? manifest.forms
    : set.forms(choices.variant);
  const settings = hashPreprocessing(set, choices, forms);
  const cached = await readCache(cacheDir, name, settings, memory);
  return typeof cached === "string" ? cached : { ...cached, manifest };
}

function open<M extends string>(ready: Ready): LoadedData<M> {
  const { forms, scaling } = ready.manifest;
  return openParts(ready, Object.keys(forms) as M[], scaling);
}
