import { layerRules, toHwio, toMatrix, type WeightMap } from "./weight-map.ts";

/** ViT as Hugging Face's transformers name it: `transformer({ pool: "cls", epsilon: 1e-12 })` over patches. */
export const hfVit: WeightMap = {
  name: "hf-vit",
  title: 'ViT of transformers, for transformer with pool "cls"',
  rules: [
    { ours: "embed.cls", theirs: ["embeddings.cls_token"], convert: toMatrix },
    { ours: "embed.positions", theirs: ["embeddings.position_embeddings"], convert: toMatrix },
    {
      ours: "embed.patch.weight",
      theirs: ["embeddings.patch_embeddings.projection.weight"],
      convert: toHwio,
    },
    { ours: "embed.patch.bias", theirs: ["embeddings.patch_embeddings.projection.bias"] },
    ...layerRules("block*.attention.out", "encoder.layer.*.attention.output.dense"),
    ...layerRules("block*.attention.*", "encoder.layer.*.attention.attention.*"),
    ...layerRules("block*.norm1", "encoder.layer.*.layernorm_before"),
    ...layerRules("block*.norm2", "encoder.layer.*.layernorm_after"),
    ...layerRules("block*.up", "encoder.layer.*.intermediate.dense"),
    ...layerRules("block*.down", "encoder.layer.*.output.dense"),
    ...layerRules("norm", "layernorm"),
  ],
  head: layerRules("out", "classifier"),
  ignored: /(^|\.)(pooler|classifier)\./,
};
