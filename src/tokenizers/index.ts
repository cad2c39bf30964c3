/** WordPiece, BPE and Unigram tokenizers of pre-trained text models: `altermodal/tokenizers`. */
export { type PaddedTokens, padTokens } from "./pad.ts";
export { createTokenizer, type TextTokenizer, type TokenizeOptions } from "./tokenizer.ts";
