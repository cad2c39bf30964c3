/** The tokenizers of the library @huggingface/tokenizers, which the build bundles into this module. */
export { Tokenizer } from "@huggingface/tokenizers";
