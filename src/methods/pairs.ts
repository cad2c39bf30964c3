/** Joint methods in which one modality acts on another: every pair has parts of its own, the pairs' logits add up. */
import type { Tensor } from "../engine/tensor.ts";
import type { Parameters } from "../nn/parameters.ts";
import { add } from "../ops/index.ts";
import { type JointOptions, jointMethod } from "./joint.ts";
import type { MethodContext, MethodInstance } from "./method.ts";
import { denseFeatures } from "./steps.ts";

/** Logits [size, classes] of a pair's features, [size, dim] each: the first acts on the second. */
export type PairHead = (first: Tensor, second: Tensor) => Tensor;

/**
 * z = sum over i < j, in the order of declaration, of the pair's logits. Zeros stand for a missing modality.
 */
export function pairwiseMethod<M extends string>(
  context: MethodContext<M, JointOptions>,
  build: (parameters: Parameters) => PairHead,
): MethodInstance<M> {
  const { modalities, parameters } = context;
  const pairs = modalities.flatMap((second, j) =>
    modalities.slice(0, j).map((first) => ({
      first,
      second,
      head: build(parameters.scope(`${first}-${second}`)),
    })),
  );
  return jointMethod(context, (features, size) => {
    const dense = denseFeatures(context, features, size);
    const logits = pairs.map(({ first, second, head }) => head(dense[first], dense[second]));
    return { joint: logits.reduce((sum, part) => add(sum, part)), parts: {} };
  });
}
