/** From the emoji package to the prepared file and its manifest. */
import { type BagData, type Dataset, subset } from "../../data/dataset.ts";
import { findLeakingWords } from "../../data/leakage.ts";
import { measureChannels } from "../../data/normalise.ts";
import type { DataManifest } from "../../data/source.ts";
import { PARTS, splitGrouped } from "../../data/split.ts";
import { buildVocabulary, encodeBag } from "../../data/words.ts";
import { DataError } from "../../engine/errors.ts";
import { encodeSafetensors } from "../../io/safetensors.ts";
import { sha256 } from "../hash.ts";
import { baseOf, cutTile, type EmojiPackage, SIDE, VENDORS } from "./emoji-package.ts";

export const EMOJI_NAME = "emoji";
/** Everything that decides what the prepared data hold; its hash tells old caches apart. */
const PREPROCESSING = {
  version: 1,
  vendors: VENDORS,
  side: SIDE,
  background: "white",
  minimumEmojiPerWord: 2,
  // Words of the class names and their plurals: with them the text would hold the answer.
  removedWords: [
    "smiley",
    "emotion",
    "people",
    "body",
    "animal",
    "nature",
    "food",
    "drink",
    "travel",
  ]
    .concat(["place", "activity", "object", "symbol", "flag", "smileys", "emotions", "bodies"])
    .concat(["animals", "natures", "foods", "drinks", "travels", "places", "activities", "objects"])
    .concat(["symbols", "flags"]),
  leakLimits: { precision: 0.8, coverage: 0.3 },
  fractions: { train: 5, validation: 1, test: 1 },
  splitSeed: 1,
} as const;
/** SHA-256 of the settings. */
export const EMOJI_HASH = sha256(JSON.stringify(PREPROCESSING));

const PIXELS = SIDE * SIDE;
const CHANNELS = 3;

/** Lower case, split at whatever is no ASCII letter or digit, class words removed. */
function wordsOf(name: string): string[] {
  const removed: readonly string[] = PREPROCESSING.removedWords;
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.filter((word) => !removed.includes(word));
}

/**
 * Makes the file and the manifest from the package.
 *
 * @throws {DataError} if a word gives a class away
 */
export function buildEmoji({ version, emoji: list, sheets }: EmojiPackage): {
  manifest: DataManifest;
  bytes: Uint8Array;
} {
  const rows = list.flatMap((item) => VENDORS.map((vendor) => ({ item, vendor })));
  const classes = [...new Set(list.map((item) => item.category))].sort();
  const labels = Int32Array.from(rows, ({ item }) => classes.indexOf(item.category));
  const bases = [...new Set(list.map((item) => baseOf(item.unified)))];
  const baseIndex = new Map(bases.map((base, i) => [base, i]));
  const groups = Int32Array.from(rows, ({ item }) => baseIndex.get(baseOf(item.unified)) as number);
  const { fractions, splitSeed: seed } = PREPROCESSING;
  const split = splitGrouped({ labels, groups, fractions, seed });

  const image = new Uint8Array(rows.length * PIXELS * CHANNELS);
  rows.forEach(({ item, vendor }, i) => {
    const start = i * PIXELS * CHANNELS;
    cutTile(sheets[vendor], item, image.subarray(start, start + PIXELS * CHANNELS));
  });
  const names = list.map((item) => wordsOf(item.name));
  const vocabulary = buildVocabulary(names, PREPROCESSING.minimumEmojiPerWord);
  const documents = rows.map((_, i) => names[Math.floor(i / VENDORS.length)] as string[]);
  const words = encodeBag(documents, vocabulary);
  refuseLeaks(words, labels, split.train, classes);

  const part = new Uint8Array(rows.length);
  PARTS.forEach((name, index) => {
    for (const row of split[name]) part[row] = index;
  });
  const bytes = encodeSafetensors(
    {
      image: { shape: [rows.length, SIDE, SIDE, CHANNELS], data: image },
      "words.ids": { shape: [words.ids.length], data: words.ids },
      "words.offsets": { shape: [words.offsets.length], data: words.offsets },
      labels: { shape: [rows.length], data: labels },
      groups: { shape: [rows.length], data: groups },
      part: { shape: [rows.length], data: part },
    },
    {
      classes: JSON.stringify(classes),
      vocabulary: JSON.stringify(vocabulary),
      ids: JSON.stringify(rows.map(({ item, vendor }) => `${item.shortName}/${vendor}`)),
    },
  );
  const count = (rowsOfPart: Int32Array) =>
    classes.map((_, label) => rowsOfPart.filter((row) => labels[row] === label).length);
  const manifest: DataManifest = {
    name: EMOJI_NAME,
    variant: `emoji-datasource ${version}: ${VENDORS.join(" and ")} artwork, ${bases.length} base emoji`,
    dataHash: sha256(bytes),
    preprocessingHash: EMOJI_HASH,
    classes,
    modalities: {
      image: `${SIDE} x ${SIDE} x ${CHANNELS} numbers`,
      words: `bag of ${vocabulary.length} words`,
    },
    counts: {
      train: count(split.train),
      validation: count(split.validation),
      test: count(split.test),
    },
    normalisation: { image: measureChannels(image, PIXELS, CHANNELS, split.train) },
    attribution: [
      "Twemoji artwork: Twitter, Inc. and other contributors, CC-BY 4.0, https://creativecommons.org/licenses/by/4.0/; laid on white",
      "Noto Emoji artwork: Google, Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0; laid on white",
      `Names and sheets: emoji-datasource ${version}, Cal Henderson, MIT`,
    ],
    versions: { "emoji-datasource": version, preprocessing: `${PREPROCESSING.version}` },
  };
  return { manifest, bytes };
}

function refuseLeaks(
  bag: BagData,
  labels: Int32Array,
  train: Int32Array,
  classes: readonly string[],
): void {
  const data: Dataset<"words"> = {
    name: EMOJI_NAME,
    size: labels.length,
    classes,
    modalities: { words: bag },
    labels,
    ids: [],
  };
  const seen = subset(data, train);
  const leaks = findLeakingWords(seen.modalities.words as BagData, seen.labels, {
    ...PREPROCESSING.leakLimits,
  });
  if (leaks.length === 0) return;
  const named = leaks.map(({ word, label }) => `"${word}" for ${classes[label]}`).join(", ");
  throw new DataError(
    `emoji: Cannot use the words: expected none that marks a class, got ${named}`,
  );
}
