/** A block of a transformer on packed rows: padding exists within the attention alone. */
import type { Tensor } from "../engine/tensor.ts";
import {
  add,
  gatherRows,
  gelu,
  reshape,
  scaledDotProductAttention,
  scatterRows,
} from "../ops/index.ts";
import { dropoutLayer, layerNormLayer, linearLayer, type Mode, type PlainLayer } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

export interface BlockOptions {
  readonly width: number;
  readonly heads: number;
  readonly feedForward: number;
  /** Layer norm before each half of the block, within the residual, or after it. */
  readonly norm: "pre" | "post";
  readonly epsilon: number;
  readonly dropout: number;
}

/** How packed rows lie in sequences of one length. */
export interface RowLayout {
  readonly sequences: number;
  /** Of the longest sequence. */
  readonly length: number;
  /** i32 [rows]: place of each row in [sequences x length]; null if they are all of them, in order. */
  readonly places: Tensor | null;
  /** [sequences, 1, 1, length]: 0 where there is something to look at, -Infinity elsewhere. */
  readonly mask: Tensor | undefined;
}

export interface TransformerBlock {
  /** x [rows, width] -> [rows, width] */
  forward(x: Tensor, layout: RowLayout, mode: Mode): Tensor;
  /** Of one sequence of this many rows. */
  flops(rows: number): number;
}

/**
 * Attention, then two linear layers with gelu between, each added to what goes in.
 *
 * Source: Vaswani et al. 2017, section 3.1 (norm after); Xiong et al., "On layer normalization in the transformer
 * architecture", ICML 2020 (norm before).
 *
 * @param place - of the block in the network: its dropout masks differ from others'
 */
export function transformerBlock(
  parameters: Parameters,
  { width, heads, feedForward, norm, epsilon, dropout }: BlockOptions,
  place: string,
): TransformerBlock {
  const attention = parameters.scope("attention");
  const [query, key, value, project] = ["query", "key", "value", "out"].map((name) =>
    linearLayer(attention.scope(name), width, width),
  ) as [PlainLayer, PlainLayer, PlainLayer, PlainLayer];
  const up = linearLayer(parameters.scope("up"), width, feedForward);
  const down = linearLayer(parameters.scope("down"), feedForward, width);
  const norms = ["norm1", "norm2"].map((name) =>
    layerNormLayer(parameters.scope(name), width, epsilon),
  ) as [PlainLayer, PlainLayer];
  const drops = [0, 1].map((half) => dropoutLayer(dropout, `${place}.${half}`));

  const attend = (x: Tensor, { sequences, length, places, mask }: RowLayout): Tensor => {
    const spread = (rows: Tensor) =>
      reshape(places === null ? rows : scatterRows(rows, places, sequences * length), [
        sequences,
        length,
        width,
      ]);
    const [q, k, v] = [query, key, value].map((layer) => spread(layer.forward(x))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const mixed = reshape(scaledDotProductAttention(q, k, v, { heads, mask }), [-1, width]);
    return project.forward(places === null ? mixed : gatherRows(mixed, places));
  };
  const feed = (x: Tensor): Tensor => down.forward(gelu(up.forward(x)));

  return {
    flops: (rows) => rows * (4 * query.flops + up.flops + down.flops) + 2 * 2 * rows * rows * width,
    forward(x, layout, mode) {
      let y = x;
      [(z: Tensor) => attend(z, layout), feed].forEach((half, i) => {
        const [own, drop] = [norms[i], drops[i]] as [PlainLayer, (typeof drops)[0]];
        const change = drop.forward(half(norm === "pre" ? own.forward(y) : y), mode);
        y = add(y, change);
        if (norm === "post") y = own.forward(y);
      });
      return y;
    },
  };
}
