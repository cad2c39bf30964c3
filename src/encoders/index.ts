export { bagOfWords } from "./bag-of-words.ts";
export { conv } from "./conv.ts";
export { embedding } from "./embedding.ts";
export { mlp } from "./mlp.ts";
