/** Texts as the token ids of a pre-trained model: a `tokenizer.json` in the owner's folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BagData } from "../../../data/dataset.ts";
import { createTokenizer } from "../../../tokenizers/index.ts";
import { sha256 } from "../../hash.ts";
import { readIfThere } from "../../read-if-there.ts";
import type { FormChoice, TextForm } from "../form.ts";

export interface TokensSettings {
  /** The file, as seen from the owner's folder. */
  readonly file: string;
  /** Of the file: other tokens are other data. */
  readonly sha256: string;
  /** Most tokens of a text that are kept. */
  readonly longest: number;
}

export const TOKENIZER_FILE = "tokenizer.json";

/**
 * Token ids without special tokens, at most 256 of a text, as MLA's text path has them.
 *
 * @returns undefined if the folder has no `tokenizer.json`
 */
export async function tokens(folder: string, longest = 256): Promise<FormChoice | undefined> {
  const bytes = await readIfThere(join(folder, TOKENIZER_FILE));
  if (bytes === undefined) return undefined;
  const settings: TokensSettings = { file: TOKENIZER_FILE, sha256: sha256(bytes), longest };
  return { form: tokensForm.name, settings };
}

export const tokensForm: TextForm<TokensSettings> = {
  kind: "text",
  name: "tokens",
  version: 1,
  encode(texts, _, { file, longest }, folder) {
    const json = readFileSync(join(folder, file), "utf8");
    const bag = createTokenizer(json).encodeAll(texts, { maxTokens: longest });
    return { ...bag, words: pieces(json, bag) };
  },
  describe: ({ longest }, vocabulary) => `at most ${longest} tokens of ${vocabulary}`,
  encoder: () => ({ name: "transformer", options: {} }),
};

interface TokenizerJson {
  readonly model: {
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
  };
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
}

/** The text of each id. */
function pieces(json: string, { vocabulary }: BagData): string[] {
  const { model, added_tokens: added = [] } = JSON.parse(json) as TokenizerJson;
  const words = new Array<string>(vocabulary).fill("");
  const entries: readonly (readonly [string, number])[] = Array.isArray(model.vocab)
    ? model.vocab.map(([text], id) => [text, id] as const)
    : Object.entries(model.vocab);
  for (const [text, id] of entries) words[id] = text;
  for (const { id, content } of added) words[id] = content;
  return words;
}
