/** Texts as lists of word ids; the vocabulary comes from the training part. */
import { buildVocabulary, encodeBag, splitWords } from "../../../data/words.ts";
import type { FormChoice, TextForm } from "../form.ts";

export interface WordsSettings {
  /** Words of fewer training texts are left out. */
  readonly minimum: number;
  /** Words that would give a class away. */
  readonly removed: readonly string[];
  /** Most words of a text that are kept; 0: all. */
  readonly longest: number;
}

/** Word ids in the order of the text, lower case; unknown words are left out. */
export function words(settings: Partial<WordsSettings> = {}): FormChoice {
  const full: WordsSettings = { minimum: 2, removed: [], longest: 0, ...settings };
  return { form: wordsForm.name, settings: full };
}

export const wordsForm: TextForm<WordsSettings> = {
  kind: "text",
  name: "words",
  version: 1,
  encode(texts, train, { minimum, removed, longest }) {
    const hidden = new Set(removed);
    const documents = texts.map((text) => {
      if (text === null) return null;
      const kept = splitWords(text).filter((word) => !hidden.has(word));
      return longest > 0 ? kept.slice(0, longest) : kept;
    });
    const training = Array.from(train, (row) => documents[row] ?? null);
    const vocabulary = buildVocabulary(training, minimum);
    return encodeBag(documents, vocabulary);
  },
  describe: (_, vocabulary) => `bag of ${vocabulary} words`,
  encoder: () => ({ name: "bag-of-words", options: {} }),
};
