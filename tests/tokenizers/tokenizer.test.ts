import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataFormatError, OptionError } from "../../src/engine/errors.ts";
import { padTokens } from "../../src/tokenizers/pad.ts";
import { createTokenizer } from "../../src/tokenizers/tokenizer.ts";
import { bertTokenizer } from "../support/bert-tokenizer.ts";

/** A miniature of bert-base-uncased's file. */
const PIECES = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "play",
  "##ing",
  "##ed",
  "un",
  "##play",
  ",",
  "!",
];
const LETTERS = ["a", "b", "n", "u"];
const WORD_PIECES = [
  ...PIECES,
  ...LETTERS,
  ...LETTERS.map((letter) => `##${letter}`),
  "ab",
  "##nu",
  "naive",
];
const special = (content: string, id: number) => ({
  ...{ id, content, special: true },
  ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
});
const BERT = {
  ...bertTokenizer(WORD_PIECES, ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(special)),
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
};

/** WordPiece by its definition: the longest known piece from the left, and unknown as a whole if one is missing. */
function wordPieces(word: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < word.length; ) {
    let end = word.length;
    const piece = () => (start > 0 ? "##" : "") + word.slice(start, end);
    while (end > start && !WORD_PIECES.includes(piece())) end--;
    if (end === start) return ["[UNK]"];
    pieces.push(piece());
    start = end;
  }
  return pieces;
}

const MERGES = ["a b", "ab n", "n u", "u u", "ab ab"];
const BPE_VOCABULARY = [...LETTERS, ...MERGES.map((merge) => merge.replace(" ", ""))];
const BPE = {
  pre_tokenizer: { type: "Whitespace" },
  model: {
    type: "BPE",
    vocab: Object.fromEntries(BPE_VOCABULARY.map((piece, id) => [piece, id])),
    merges: MERGES,
  },
};

/** Byte-pair encoding by its definition: the earliest merge of the list first, everywhere, until none is left. */
function bytePairs(word: string): string[] {
  let parts = [...word];
  for (;;) {
    const rank = (i: number) => {
      const found = MERGES.indexOf(`${parts[i]} ${parts[i + 1]}`);
      return found < 0 ? Number.POSITIVE_INFINITY : found;
    };
    const ranks = parts.slice(1).map((_, i) => rank(i));
    const best = Math.min(...ranks);
    if (!Number.isFinite(best)) return parts;
    const at = ranks.indexOf(best);
    parts = [...parts.slice(0, at), `${parts[at]}${parts[at + 1]}`, ...parts.slice(at + 2)];
  }
}

const word = fc
  .array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 12 })
  .map((letters) => letters.join(""));

describe("WordPiece", () => {
  const tokenizer = createTokenizer(JSON.stringify(BERT));

  it("lowers, strips accents, parts punctuation, and splits words as BERT does", () => {
    expect(tokenizer.tokens("Playing, UNPLAYED!  naïve chess")).toEqual([
      ...["play", "##ing", ",", "un", "##play", "##ed", "!", "naive", "[UNK]"],
    ]);
  });

  it("takes the longest pieces from the left", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        expect(tokenizer.tokens(words.join(" "))).toEqual(words.flatMap(wordPieces));
      }),
    );
  });

  it("adds the special tokens only if asked, and cuts off", () => {
    expect(tokenizer.encode("playing")).toEqual([4, 5]);
    expect(tokenizer.encode("playing", { specialTokens: true })).toEqual([2, 4, 5, 3]);
    expect(tokenizer.encode("playing, playing", { maxTokens: 3 })).toEqual([4, 5, 9]);
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.decode([2, 4, 5, 3])).toBe("playing");
    expect([tokenizer.vocabulary, tokenizer.padding]).toEqual([WORD_PIECES.length, 0]);
  });

  it("refuses what is no text", () => {
    expect(() => tokenizer.encode(5 as unknown as string)).toThrow(
      "tokenizer: Cannot encode a text: expected a string, got number",
    );
  });

  it("makes a modality of texts, some of them missing", () => {
    expect(tokenizer.encodeAll(["playing", null, "", "un"], { maxTokens: 256 })).toEqual({
      kind: "bag",
      vocabulary: WORD_PIECES.length,
      ids: Int32Array.of(4, 5, 7),
      offsets: Int32Array.of(0, 2, 2, 2, 3),
      present: Uint8Array.of(1, 0, 1, 1),
    });
    expect(tokenizer.encodeAll(["un"])).not.toHaveProperty("present");
  });
});

describe("BPE", () => {
  it("merges pairs in the order of the list", () => {
    const tokenizer = createTokenizer(BPE);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        expect(tokenizer.tokens(words.join(" "))).toEqual(words.flatMap(bytePairs));
      }),
    );
  });
});

describe("padTokens", () => {
  it("cuts off and pads, and says what is padding", () => {
    expect(padTokens([[5, 6, 7], [8], []], 2, 9)).toEqual({
      ids: Int32Array.of(5, 6, 8, 9, 9, 9),
      mask: Uint8Array.of(1, 1, 1, 0, 0, 0),
      shape: [3, 2],
    });
    expect(() => padTokens([], 0)).toThrow(OptionError);
  });
});

describe("files that are no tokenizer", () => {
  it.each([
    ["{", "expected JSON"],
    ["[]", "expected an object, got []"],
    ["{}", 'expected a model of type "WordPiece", "BPE", "Unigram", got undefined'],
    ['{"model":{"type":"WordLevel"}}', 'got "WordLevel"'],
    ['{"model":{"type":"WordPiece"}}', "got one that fails"],
    ['{"model":{"type":"BPE","vocab":{"a":0},"merges":3}}', "got one that fails"],
    [
      JSON.stringify({ ...BPE, pre_tokenizer: { type: "Nope" } }),
      "Unknown PreTokenizer type: Nope",
    ],
  ])("are refused: %s", (text, message) => {
    expect(() => createTokenizer(text)).toThrow(DataFormatError);
    expect(() => createTokenizer(text)).toThrow(message);
  });
});
