/** From text to bags of word ids. */
import type { BagData } from "./dataset.ts";

/** The words of a text: lower case, split at everything that is no letter and no digit. */
export function splitWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/**
 * The words that occur in at least `minimum` of the documents, in code-unit order.
 *
 * @param documents - a word list per document; null for none
 */
export function buildVocabulary(
  documents: Iterable<readonly string[] | null>,
  minimum = 1,
): string[] {
  const counts = new Map<string, number>();
  for (const document of documents) {
    for (const word of new Set(document ?? [])) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts.keys()].filter((word) => (counts.get(word) as number) >= minimum).sort();
}

/**
 * Encodes word lists as bags; words outside the vocabulary are left out, repeated words stay repeated.
 *
 * @param documents - a word list per sample; null for a sample that lacks the modality
 */
export function encodeBag(
  documents: readonly (readonly string[] | null)[],
  words: readonly string[],
): BagData {
  const idOf = new Map(words.map((word, id) => [word, id]));
  const ids: number[] = [];
  const offsets = new Int32Array(documents.length + 1);
  documents.forEach((document, i) => {
    for (const word of document ?? []) {
      const id = idOf.get(word);
      if (id !== undefined) ids.push(id);
    }
    offsets[i + 1] = ids.length;
  });
  const bag: BagData = {
    kind: "bag",
    vocabulary: words.length,
    words,
    ids: Int32Array.from(ids),
    offsets,
  };
  if (!documents.includes(null)) return bag;
  return { ...bag, present: Uint8Array.from(documents, (document) => (document === null ? 0 : 1)) };
}
