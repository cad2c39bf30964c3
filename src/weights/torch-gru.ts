import { layerRules, type WeightMap, type WeightRule } from "./weight-map.ts";

/** The gates of one direction. */
function direction(ours: string, ending: string): WeightRule[] {
  return [
    ["input", "ih"],
    ["state", "hh"],
  ].flatMap(([own, their]) =>
    ["weight", "bias"].map((part) => ({
      ours: `${ours}.${own}.${part}`,
      theirs: [`${part}_${their}_l0${ending}`],
    })),
  );
}

/** `torch.nn.GRU` of one layer. */
export const torchGru: WeightMap = {
  name: "torch-gru",
  title: "a layer of torch.nn.GRU, for gru",
  rules: [...direction("forward", ""), ...direction("backward", "_reverse")],
  head: layerRules("out", "fc"),
  ignored: /$^/,
};
