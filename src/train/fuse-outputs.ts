import type { PartConfig } from "../config/part.ts";
import { type FittedFusion, fitFusion, type LabelledModalityLogits } from "../fusion/fusion.ts";
import type { Outputs } from "../methods/epoch.ts";

/** Fused logits [size, classes] and the fusion's weights. */
export interface FusedOutputs {
  readonly logits: Float32Array;
  readonly weights: Readonly<Record<string, Float32Array>> | null;
}

/** The method's joint logits, or what the fusion rule makes of the modalities'; null if neither exists. */
export function fuseOutputs<M extends string>(
  outputs: Outputs<M>,
  fusion: FittedFusion | null,
): FusedOutputs | null {
  if (outputs.joint !== null) return { logits: outputs.joint, weights: null };
  return fusion === null ? null : fusion.fuse(fusionInput(outputs));
}

/** Fits a fusion rule on what a network says of labelled data. */
export function fitOutputs<M extends string>(
  config: PartConfig | null,
  outputs: Outputs<M> | undefined,
  labels: ArrayLike<number>,
): FittedFusion | null {
  if (config === null) return null;
  return fitFusion(config, outputs && { ...fusionInput(outputs), labels });
}

function fusionInput<M extends string>(
  outputs: Outputs<M>,
): Omit<LabelledModalityLogits, "labels"> {
  const { size, classes, alone, experts, present } = outputs;
  const everywhere = Object.keys(experts).map((name) => [name, new Uint8Array(size).fill(1)]);
  return {
    size,
    classes,
    logits: { ...alone, ...experts },
    present: { ...present, ...Object.fromEntries(everywhere) },
  };
}
