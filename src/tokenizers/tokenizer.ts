import type { BagData } from "../data/dataset.ts";
import { DataError, DataFormatError, formatNames } from "../engine/errors.ts";
import { Tokenizer } from "./library.ts";

export interface TokenizeOptions {
  /** Add the tokens that the model was trained with around a text, such as `[CLS]` and `[SEP]`; default false. */
  specialTokens?: boolean;
  /** Most tokens of a text; default all. MLA's text path: 256. */
  maxTokens?: number;
}

/** What is used of the library's tokenizer. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  tokenize(text: string, options: { add_special_tokens: boolean }): string[];
  decode(ids: number[], options: { skip_special_tokens: boolean }): string;
}

const MODELS = ["WordPiece", "BPE", "Unigram"];

/** Turns text into the token ids of a pre-trained model. Made by {@link createTokenizer}. */
export class TextTokenizer {
  readonly #tokenizer: LibraryTokenizer;
  /** Number of different ids: one more than the largest. */
  readonly vocabulary: number;
  /** The id of the padding token; 0 if the tokenizer names none. */
  readonly padding: number;

  constructor(tokenizer: LibraryTokenizer, vocabulary: number, padding: number) {
    this.#tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    this.padding = padding;
  }

  /** The token ids of a text. @throws {DataError} if it is no string */
  encode(text: string, options: TokenizeOptions = {}): number[] {
    if (typeof text !== "string") {
      throw new DataError(`tokenizer: Cannot encode a text: expected a string, got ${typeof text}`);
    }
    const { specialTokens = false, maxTokens = Number.POSITIVE_INFINITY } = options;
    const { ids } = this.#tokenizer.encode(text, { add_special_tokens: specialTokens });
    return ids.length > maxTokens ? ids.slice(0, maxTokens) : ids;
  }

  /** The tokens of a text as they stand in the vocabulary. */
  tokens(text: string, { specialTokens = false }: TokenizeOptions = {}): string[] {
    return this.#tokenizer.tokenize(text, { add_special_tokens: specialTokens });
  }

  /** The text of token ids, without special tokens; what the tokenizer normalises away does not come back. */
  decode(ids: readonly number[]): string {
    return this.#tokenizer.decode([...ids], { skip_special_tokens: true });
  }

  /**
   * Texts as a modality of a dataset.
   *
   * @param texts - null for a sample that lacks the modality
   * @throws {DataError} if a text has an id outside the vocabulary
   */
  encodeAll(texts: readonly (string | null)[], options: TokenizeOptions = {}): BagData {
    const lists = texts.map((text) => (text === null ? [] : this.encode(text, options)));
    const offsets = new Int32Array(texts.length + 1);
    lists.forEach((list, i) => {
      offsets[i + 1] = (offsets[i] as number) + list.length;
    });
    const ids = new Int32Array(offsets[texts.length] as number);
    lists.forEach((list, i) => {
      const wrong = list.find((id) => !(id >= 0 && id < this.vocabulary));
      if (wrong !== undefined) {
        throw new DataError(
          `tokenizer: Cannot encode text ${i}: expected ids below ${this.vocabulary}, got ${wrong}`,
        );
      }
      ids.set(list, offsets[i]);
    });
    const bag: BagData = { kind: "bag", vocabulary: this.vocabulary, ids, offsets };
    if (!texts.includes(null)) return bag;
    return { ...bag, present: Uint8Array.from(texts, (text) => (text === null ? 0 : 1)) };
  }
}

interface TokenizerFile {
  readonly model?: { readonly type?: unknown; readonly vocab?: unknown };
  readonly padding?: { readonly pad_id?: unknown } | null;
}

/**
 * Reads a tokenizer.
 *
 * @param json - text or parsed content of a model's `tokenizer.json`
 * @param config - of its `tokenizer_config.json`, if it has one: special tokens, clean-up of decoded text
 * @throws {DataFormatError} if it is none, or of a kind that is not supported
 * @example
 * ```ts
 * import { createTokenizer } from "altermodal/tokenizers";
 *
 * const tokenizer = createTokenizer({
 *   model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", vocab: { "[UNK]": 0, play: 1, "##ing": 2 } },
 *   pre_tokenizer: { type: "Whitespace" },
 * });
 * expect(tokenizer.encode("playing chess")).toEqual([1, 2, 0]);
 * ```
 */
export function createTokenizer(
  json: string | object,
  config: string | object = {},
): TextTokenizer {
  const file = parse("tokenizer.json", json) as TokenizerFile;
  const type = file.model?.type;
  if (typeof type !== "string" || !MODELS.includes(type)) {
    throw new DataFormatError(
      `tokenizer: Cannot read tokenizer.json: expected a model of type ${formatNames(MODELS)}, got ${JSON.stringify(type)}`,
    );
  }
  try {
    const tokenizer = new Tokenizer(
      {
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: null,
        post_processor: null,
        decoder: null,
        ...file,
      },
      parse("tokenizer_config.json", config),
    );
    let largest = -1;
    for (const id of tokenizer.get_vocab().values()) largest = Math.max(largest, id);
    // What a file promises shows only at its first text.
    tokenizer.encode("a", { add_special_tokens: false });
    return new TextTokenizer(tokenizer, largest + 1, paddingOf(file, tokenizer));
  } catch (error) {
    if (error instanceof DataFormatError) throw error;
    throw new DataFormatError(
      `tokenizer: Cannot read tokenizer.json: expected a tokenizer of the tokenizers library, got one that fails: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function paddingOf({ padding }: TokenizerFile, tokenizer: Tokenizer): number {
  if (typeof padding?.pad_id === "number") return padding.pad_id;
  return tokenizer.token_to_id("[PAD]") ?? tokenizer.token_to_id("<pad>") ?? 0;
}

function parse(name: string, json: string | object): object {
  let value: unknown = json;
  if (typeof json === "string") {
    try {
      value = JSON.parse(json);
    } catch (error) {
      throw new DataFormatError(
        `tokenizer: Cannot read ${name}: expected JSON, got ${(error as Error).message}`,
      );
    }
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataFormatError(
      `tokenizer: Cannot read ${name}: expected an object, got ${JSON.stringify(value)?.slice(0, 40)}`,
    );
  }
  return value;
}
