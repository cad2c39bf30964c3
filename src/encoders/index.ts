export { bagOfWords } from "./bag-of-words.ts";
export { conv } from "./conv.ts";
export { embedding } from "./embedding.ts";
export { gru } from "./gru.ts";
export { mlp } from "./mlp.ts";
export { resnet18 } from "./resnet18.ts";
export { textCnn } from "./text-cnn.ts";
export { transformer } from "./transformer.ts";
