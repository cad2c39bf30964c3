/**
 * `emoji`: pictures and official names to nine groups. Two artworks of each emoji are two samples with the
 * same words; both, and all variants of one base emoji, lie in one part.
 */
import {
  type DataManifest,
  type DataOptions,
  defineDataset,
  type LoadedData,
} from "../../data/source.ts";
import { PARTS } from "../../data/split.ts";
import { DataError } from "../../engine/errors.ts";
import { DEFAULT_CACHE_DIR, readCache, writeCache } from "../data-cache.ts";
import { openParts } from "../prepared-dataset.ts";
import { buildEmoji, EMOJI_HASH, EMOJI_NAME } from "./emoji-build.ts";
import { readEmojiPackage } from "./emoji-package.ts";

const LICENCE = "CC-BY 4.0 (twitter artwork), Apache-2.0 (google artwork), MIT (names)";

export interface EmojiOptions extends DataOptions {
  /** Folder whose `node_modules` has emoji-datasource and fast-png. Default: the working directory. */
  readonly root?: string;
}

export type EmojiModality = "image" | "words";

/** Pictures [32, 32, 3], and bags of the words of the official name. */
export const emoji = defineDataset<EmojiModality>({
  name: EMOJI_NAME,
  title: "emoji pictures (two artworks) and their official names, 9 groups",
  licence: LICENCE,
  prepare: prepareEmoji,
  load: loadEmoji,
});

/**
 * Prepares the data once into `<cacheDir>/emoji/`; if they are there and sound, only says what they are.
 *
 * @throws {DataError} if a package is not installed, or a word gives a class away
 */
export async function prepareEmoji(options: EmojiOptions = {}): Promise<DataManifest> {
  return (await readOrPrepare(options)).manifest;
}

/**
 * Loads the data, preparing them first if they are missing, damaged or prepared with other settings.
 *
 * @throws {DataError} as {@link prepareEmoji}
 */
export async function loadEmoji(options: EmojiOptions = {}): Promise<LoadedData<EmojiModality>> {
  return openParts(await readOrPrepare(options), ["image", "words"]);
}

async function readOrPrepare(options: EmojiOptions) {
  const { cacheDir = DEFAULT_CACHE_DIR, memory, onProgress, root = process.cwd() } = options;
  const cached = await readCache(cacheDir, EMOJI_NAME, EMOJI_HASH, memory);
  if (typeof cached !== "string") return cached;
  onProgress?.(`emoji: ${cached}, preparing from emoji-datasource`);
  const { manifest, bytes } = buildEmoji(await readEmojiPackage(root));
  await writeCache(cacheDir, manifest, bytes);
  const sizes = PARTS.map((part) => `${sum(manifest.counts[part])} ${part}`).join(", ");
  onProgress?.(`emoji: ${sizes}; data ${manifest.dataHash}`);
  const written = await readCache(cacheDir, EMOJI_NAME, EMOJI_HASH, memory);
  if (typeof written !== "string") return written;
  throw new DataError(
    `emoji: Cannot read back what was prepared: expected it whole, got ${written}`,
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
