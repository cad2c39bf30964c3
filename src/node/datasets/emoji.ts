/**
 * `emoji`: pictures and official names to nine groups. Two artworks of each emoji are two samples with the
 * same words; both, and all variants of one base emoji, lie in one part.
 */
import { type BagData, type Dataset, type DenseData, subset } from "../../data/dataset.ts";
import { type ChannelNorm, normaliseChannels } from "../../data/normalise.ts";
import {
  type DataManifest,
  type DataOptions,
  defineDataset,
  type LoadedData,
} from "../../data/source.ts";
import { PARTS, type Part } from "../../data/split.ts";
import { guardTest } from "../../data/test-ledger.ts";
import { DataError } from "../../engine/errors.ts";
import type { StoredTensor, TensorFile } from "../../io/safetensors.ts";
import { DEFAULT_CACHE_DIR, readCache, writeCache } from "../data-cache.ts";
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
  const { manifest, file } = await readOrPrepare(options);
  const all = toDataset(manifest, file);
  const part = file.tensors.get("part")?.data as Uint8Array;
  const open = (name: Part) => {
    const index = PARTS.indexOf(name);
    const rows = Int32Array.from(all.labels.keys()).filter((row) => part[row] === index);
    return { ...subset(all, rows), name: `${EMOJI_NAME}/${name}` };
  };
  return {
    train: open("train"),
    validation: open("validation"),
    openTest: guardTest(manifest, () => open("test")),
    manifest,
  };
}

async function readOrPrepare(options: EmojiOptions) {
  const { cacheDir = DEFAULT_CACHE_DIR, onProgress, root = process.cwd() } = options;
  const cached = await readCache(cacheDir, EMOJI_NAME, EMOJI_HASH);
  if (typeof cached !== "string") return cached;
  onProgress?.(`emoji: ${cached}, preparing from emoji-datasource`);
  const { manifest, bytes } = buildEmoji(await readEmojiPackage(root));
  await writeCache(cacheDir, manifest, bytes);
  const sizes = PARTS.map((part) => `${sum(manifest.counts[part])} ${part}`).join(", ");
  onProgress?.(`emoji: ${sizes}; data ${manifest.dataHash}`);
  const written = await readCache(cacheDir, EMOJI_NAME, EMOJI_HASH);
  if (typeof written !== "string") return written;
  throw new DataError(
    `emoji: Cannot read back what was prepared: expected it whole, got ${written}`,
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function toDataset(manifest: DataManifest, file: TensorFile): Dataset<EmojiModality> {
  const tensor = (name: string) => file.tensors.get(name) as StoredTensor;
  const array = (name: string) => tensor(name).data;
  const pictures = tensor("image");
  const texts = (key: string): string[] => JSON.parse(file.metadata.get(key) as string);
  const labels = array("labels") as Int32Array;
  const words = texts("vocabulary");
  const image: DenseData = {
    kind: "dense",
    shape: pictures.shape.slice(1),
    values: normaliseChannels(
      pictures.data as Uint8Array,
      manifest.normalisation?.image as ChannelNorm,
    ),
  };
  const bag: BagData = {
    kind: "bag",
    vocabulary: words.length,
    words,
    ids: array("words.ids") as Int32Array,
    offsets: array("words.offsets") as Int32Array,
  };
  return {
    name: EMOJI_NAME,
    size: labels.length,
    classes: texts("classes"),
    modalities: { image, words: bag },
    labels,
    ids: texts("ids"),
    groups: array("groups") as Int32Array,
  };
}
