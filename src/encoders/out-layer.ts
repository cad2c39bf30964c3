import { choice } from "../config/options.ts";
import { OptionError } from "../engine/errors.ts";
import { linearLayer, type PlainLayer } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";

/** How an encoder comes from its own features to the length that all encoders of a model end in. */
export const OUT_OPTION = choice(
  ["linear", "none"],
  "linear",
  "how features get the model's length: a linear layer, or none if they have it already",
);

/** [n, features] -> [n, dim]. @throws {OptionError} if there is to be no layer, and the lengths differ */
export function outLayer(
  where: string,
  kind: "linear" | "none",
  parameters: Parameters,
  features: number,
  dim: number,
): PlainLayer {
  if (kind === "linear") return linearLayer(parameters.scope("out"), features, dim);
  if (features === dim) return { forward: (x) => x, flops: 0 };
  throw new OptionError(
    `${where}: Cannot go without a last layer: expected as many features as the model's dim ${dim}, got ${features}; set out to "linear"`,
  );
}
