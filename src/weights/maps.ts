/** The maps that there are; one line each. */
export { hfBert } from "./hf-bert.ts";
export { hfVit } from "./hf-vit.ts";
export { timmVit } from "./timm-vit.ts";
export { torchGru } from "./torch-gru.ts";
export { torchvisionResnet18 } from "./torchvision-resnet18.ts";
