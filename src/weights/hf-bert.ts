import {
  type Conversion,
  type ForeignTensor,
  layerRules,
  toMatrix,
  type WeightMap,
} from "./weight-map.ts";

/** Positions up to the length that is read, with the vector of the first segment added: there is one segment here. */
const positions: Conversion = ([all, segments], [length = 0, width = 0]) => {
  const { shape, data } = toMatrix([all as ForeignTensor], []);
  const first = (segments as ForeignTensor).data;
  if ((shape[0] ?? 0) < length || shape[1] !== width) return { shape, data };
  const values = Float32Array.from(
    { length: length * width },
    (_, i) => Number(data[i]) + Number(first[i % width]),
  );
  return { shape: [length, width], data: values };
};

/** BERT as Hugging Face's transformers name it: `transformer({ norm: "post", epsilon: 1e-12 })` over its tokens. */
export const hfBert: WeightMap = {
  name: "hf-bert",
  title: 'BERT of transformers, for transformer with norm "post"',
  rules: [
    { ours: "embed.words", theirs: ["embeddings.word_embeddings.weight"] },
    {
      ours: "embed.positions",
      theirs: ["embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight"],
      convert: positions,
    },
    ...layerRules("embed.norm", "embeddings.LayerNorm"),
    // Before the rule whose second star would take "out", too.
    ...layerRules("block*.attention.out", "encoder.layer.*.attention.output.dense"),
    ...layerRules("block*.attention.*", "encoder.layer.*.attention.self.*"),
    ...layerRules("block*.norm1", "encoder.layer.*.attention.output.LayerNorm"),
    ...layerRules("block*.up", "encoder.layer.*.intermediate.dense"),
    ...layerRules("block*.down", "encoder.layer.*.output.dense"),
    ...layerRules("block*.norm2", "encoder.layer.*.output.LayerNorm"),
  ],
  head: layerRules("out", "classifier"),
  ignored: /(^|\.)(pooler|cls|position_ids|embeddings\.position_ids)(\.|$)/,
  rename: (key) =>
    key
      .replace(/LayerNorm\.gamma$/, "LayerNorm.weight")
      .replace(/LayerNorm\.beta$/, "LayerNorm.bias"),
};
