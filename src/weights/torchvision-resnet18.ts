import { layerRules, toHwio, type WeightMap, type WeightRule } from "./weight-map.ts";

/** A convolution and its batch norm. */
function normed(ours: string, conv: string, norm: string): WeightRule[] {
  return [
    { ours: `${ours}.weight`, theirs: [`${conv}.weight`], convert: toHwio },
    ...["weight", "bias", "running_mean", "running_var"].map((name) => ({
      ours: `${ours}.norm.${name}`,
      theirs: [`${norm}.${name}`],
    })),
  ];
}

/** `torchvision.models.resnet18` and what keeps its names; the fully connected layer is the head. */
export const torchvisionResnet18: WeightMap = {
  name: "torchvision-resnet18",
  title: "ResNet-18 of torchvision, for resnet18",
  rules: [
    ...normed("stem", "conv1", "bn1"),
    ...normed("*.*.conv1", "*.*.conv1", "*.*.bn1"),
    ...normed("*.*.conv2", "*.*.conv2", "*.*.bn2"),
    ...normed("*.*.shortcut", "*.*.downsample.0", "*.*.downsample.1"),
  ],
  head: layerRules("out", "fc"),
  ignored: /num_batches_tracked$/,
};
