import { layerRules, part, toHwio, toMatrix, type WeightMap } from "./weight-map.ts";

/** ViT as timm names it: `transformer({ pool: "cls", epsilon: 1e-6 })` over patches; q, k and v are one matrix there. */
export const timmVit: WeightMap = {
  name: "timm-vit",
  title: 'ViT of timm, for transformer with pool "cls"',
  rules: [
    { ours: "embed.cls", theirs: ["cls_token"], convert: toMatrix },
    { ours: "embed.positions", theirs: ["pos_embed"], convert: toMatrix },
    { ours: "embed.patch.weight", theirs: ["patch_embed.proj.weight"], convert: toHwio },
    { ours: "embed.patch.bias", theirs: ["patch_embed.proj.bias"] },
    ...["query", "key", "value"].flatMap((name, i) =>
      layerRules(`block*.attention.${name}`, "blocks.*.attn.qkv", part(i, 3)),
    ),
    ...layerRules("block*.attention.out", "blocks.*.attn.proj"),
    ...layerRules("block*.norm1", "blocks.*.norm1"),
    ...layerRules("block*.norm2", "blocks.*.norm2"),
    ...layerRules("block*.up", "blocks.*.mlp.fc1"),
    ...layerRules("block*.down", "blocks.*.mlp.fc2"),
    ...layerRules("norm", "norm"),
  ],
  head: layerRules("out", "head"),
  ignored: /$^/,
};
