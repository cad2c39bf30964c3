import { choice, integer, integers, number } from "../config/options.ts";
import type { Engine } from "../engine/engine.ts";
import { formatShape, OptionError, ShapeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { dropoutLayer, layerNormLayer, linearLayer, stretch } from "../nn/layers.ts";
import { type Parameters, xavier } from "../nn/parameters.ts";
import { type RowLayout, transformerBlock } from "../nn/transformer-block.ts";
import { add, concat, conv2d, gatherRows, reshape } from "../ops/index.ts";
import { defineEncoder, type EncoderInput, type InputSpec } from "./encoder.ts";
import { inMicroBatches } from "./micro-batches.ts";
import { OUT_OPTION, outLayer } from "./out-layer.ts";
import { indices, meanOfRows, placesOf, SEQUENCE_OPTIONS, sequenceReader } from "./sequence.ts";

/** Deviation of learned positions and of the cls token at the start; that of BERT and ViT. */
const DEVIATION = 0.02;

/**
 * A transformer encoder over patches of pictures or spectrograms [height, width, channels] (several: [frames, ..]), frames
 * [T, F] or token lists, with learned positions. What a patch or a list leaves over at the end is cut off.
 *
 * Source: Dosovitskiy et al., "An image is worth 16x16 words", ICLR 2021 (patches, norm before); Devlin et al., "BERT",
 * NAACL 2019 (tokens; norm after). The authors of MLA use M3AE's: norm before, mean over positions.
 */
export const transformer = defineEncoder({
  name: "transformer",
  title: "transformer encoder over patches, frames or tokens",
  input: ["dense", "bag"],
  typical: { kind: "dense", shape: [64, 64, 3] },
  options: {
    width: integer(64, "length of a token's vector", { min: 1 }),
    depth: integer(2, "number of blocks", { min: 1 }),
    heads: integer(4, "attention heads; a divisor of the width", { min: 1 }),
    feedForward: integer(0, "width between the linear layers of a block; 0: four times the width"),
    patch: integers([8, 8], "of pictures: height and width of a patch"),
    pool: choice(
      ["mean", "cls", "first"],
      "mean",
      "what is kept: the mean over positions, a learned token put before, or the first token",
    ),
    norm: choice(["pre", "post"], "pre", "layer norm before each half of a block, or after it"),
    epsilon: number(1e-5, "added to variances in layer norms", { min: 0 }),
    ...SEQUENCE_OPTIONS,
    dropout: number(0, "share of each half block's output dropped in training", {
      min: 0,
      max: 0.95,
    }),
    out: OUT_OPTION,
  },
  build({ input, dim, options, parameters }) {
    const { width, heads, pool, norm, epsilon, dropout } = options;
    if (width % heads !== 0) {
      throw new OptionError(
        `transformer: Cannot cut features into heads: expected a divisor of ${width}, got ${heads}`,
      );
    }
    const embed = parameters.scope("embed");
    const tokens = tokenLayer(embed, input, options);
    const cls = pool === "cls" ? embed.weight("cls", [1, width], { deviation: DEVIATION }) : null;
    const longest = tokens.longest + (cls === null ? 0 : 1);
    const positions = embed.weight("positions", [longest, width], { deviation: DEVIATION });
    const outer = norm === "post" ? layerNormLayer(embed.scope("norm"), width, epsilon) : null;
    const drop = dropoutLayer(dropout, "embed");
    const feedForward = options.feedForward || 4 * width;
    const blocks = Array.from({ length: options.depth }, (_, i) =>
      transformerBlock(
        parameters.scope(`block${i}`),
        { width, heads, feedForward, norm, epsilon, dropout },
        `block${i}`,
      ),
    );
    const final = norm === "pre" ? layerNormLayer(parameters.scope("norm"), width, epsilon) : null;
    const last = outLayer("transformer", options.out, parameters, width, dim);
    return {
      flops: blocks.reduce((sum, block) => sum + block.flops(longest), tokens.flops + last.flops),
      forward: inMicroBatches((batch, mode) => {
        const { engine } = positions;
        const read = tokens.read(batch);
        const { rows, lengths } = cls === null ? read : prepend(cls, read);
        // Samples without any token.
        if (rows.size === 0) return last.forward(engine.tensor(0, [lengths.length, width]));
        const starts = new Int32Array(lengths.length);
        const own = gatherRows(positions, indices(engine, placesOf({ starts, lengths })));
        let x = add(rows, own);
        if (outer !== null) x = outer.forward(x);
        x = drop.forward(x, mode);
        const layout = layoutOf(engine, lengths);
        for (const block of blocks) x = stretch(x, mode, (y) => block.forward(y, layout, mode));
        if (final !== null) x = final.forward(x);
        return last.forward(meanOfRows(x, keptRows(lengths, pool)));
      }),
    };
  },
});

/** Vectors of all tokens, [tokens, width], sample by sample. */
interface TokenRows {
  readonly rows: Tensor;
  readonly lengths: Int32Array;
}

interface TokenLayer {
  readonly longest: number;
  readonly flops: number;
  read(input: EncoderInput): TokenRows;
}

interface TokenOptions {
  readonly width: number;
  readonly patch: readonly number[];
  readonly maxLength: number;
  readonly trim: boolean;
}

function tokenLayer(parameters: Parameters, input: InputSpec, options: TokenOptions): TokenLayer {
  if (input.kind === "dense" && input.shape.length > 2) {
    return patchLayer(parameters, input.shape, options);
  }
  const reader = sequenceReader("transformer", input, parameters, options);
  const inner =
    input.kind === "bag"
      ? null
      : linearLayer(parameters.scope("frame"), reader.width, options.width);
  return {
    longest: reader.longest,
    flops: reader.longest * (inner?.flops ?? 0),
    read(batch) {
      const spans = reader.spans(batch);
      const rows = reader.read(batch, placesOf(spans));
      return { rows: inner?.forward(rows) ?? rows, lengths: spans.lengths };
    },
  };
}

/** Patches that do not overlap, each through one linear layer: a convolution whose stride is its size. */
function patchLayer(
  parameters: Parameters,
  shape: readonly number[],
  { width, patch }: TokenOptions,
): TokenLayer {
  const [frames = 0, rows = 0, columns = 0, channels = 0] =
    shape.length === 3 ? [1, ...shape] : shape;
  const [height = 0, across = height] = patch;
  const count = frames * Math.floor(rows / height) * Math.floor(columns / across);
  if (shape.length > 4 || !(count * channels > 0)) {
    throw new ShapeError(
      `transformer: Cannot cut this input into patches of ${formatShape(patch)}: expected [height, width, channels] of at least a patch, got ${formatShape(shape)}`,
    );
  }
  const scope = parameters.scope("patch");
  const values = height * across * channels;
  const weight = scope.weight("weight", [height, across, channels, width], xavier(values, width));
  const bias = scope.weight("bias", [width], { value: 0 });
  return {
    longest: count,
    flops: 2 * count * values * width,
    read(batch) {
      const { values: pictures } = batch as Extract<EncoderInput, { kind: "dense" }>;
      const all = reshape(pictures, [-1, rows, columns, channels]);
      const patches = conv2d(all, weight, { bias, stride: [height, across] });
      const lengths = new Int32Array(pictures.shape[0] as number).fill(count);
      return { rows: reshape(patches, [-1, width]), lengths };
    },
  };
}

/** A learned row before the rows of each sample. */
function prepend(cls: Tensor, { rows, lengths }: TokenRows): TokenRows {
  const order: number[] = [];
  let next = 1;
  for (const length of lengths) {
    order.push(0);
    for (let i = 0; i < length; i++) order.push(next++);
  }
  const all = concat([cls, rows], 0);
  return {
    rows: gatherRows(all, indices(cls.engine, order)),
    lengths: lengths.map((length) => length + 1),
  };
}

function layoutOf(engine: Engine, lengths: Int32Array): RowLayout {
  const sequences = lengths.length;
  const length = Math.max(...lengths);
  if (lengths.every((own) => own === length)) {
    return { sequences, length, places: null, mask: undefined };
  }
  const mask = new Float32Array(sequences * length);
  lengths.forEach((own, i) => {
    // A sample without tokens looks at a zero; nothing of it is used.
    mask.fill(-Infinity, i * length + Math.max(own, 1), (i + 1) * length);
  });
  const starts = lengths.map((_, i) => i * length);
  return {
    sequences,
    length,
    places: indices(engine, placesOf({ starts, lengths })),
    mask: engine.tensor(mask, [sequences, 1, 1, length]),
  };
}

/** The rows that become a sample's features: all of its own, or the first; none where it has none. */
function keptRows(lengths: Int32Array, pool: "mean" | "cls" | "first"): number[][] {
  let start = 0;
  return Array.from(lengths, (length) => {
    const count = pool === "mean" ? length : Math.min(length, 1);
    const rows = Array.from({ length: count }, (_, i) => start + i);
    start += length;
    return rows;
  });
}
