/** The parts that imagine features of missing modalities from those that are there. */
import type { Tensor } from "../engine/tensor.ts";
import { EVALUATION, linearLayer, type PlainLayer } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";
import { add, broadcastTo, concat, maximum, mul, relu } from "../ops/index.ts";
import type { Random } from "../random.ts";
import { imputed } from "./completion.ts";
import type { MethodContext, Teacher, TrainingBatch } from "./method.ts";
import { spread } from "./steps.ts";

/** Slope below 0 of the encoders' activation; PyTorch's default. */
const LEAK = 0.01;

/** Linear layers of the given widths, with an activation between them. */
export function layerStack(
  parameters: Parameters,
  inputs: number,
  widths: readonly number[],
  activation: (x: Tensor) => Tensor = relu,
): (x: Tensor) => Tensor {
  const layers = widths.map(
    (width, i): PlainLayer =>
      linearLayer(parameters.scope(`${i}`), i === 0 ? inputs : (widths[i - 1] as number), width),
  );
  return (x) => layers.reduce((y, layer, i) => layer.forward(i === 0 ? y : activation(y)), x);
}

/**
 * Cascaded residual autoencoders: x_0 = h, x_{i+1} = x_i + dec_i(enc_i(x_i)); the imagination is T(x_B), T two linear layers,
 * and the latents of all blocks are joined.
 *
 * @param inputs - length of h
 * @param widths - of an encoder's layers; a decoder has them backwards
 */
export function cascade(
  parameters: Parameters,
  inputs: number,
  widths: readonly number[],
  blocks: number,
): (h: Tensor) => { imagined: Tensor; latents: Tensor } {
  const leaky = (x: Tensor) => maximum(x, mul(x, LEAK));
  const back = [...widths.slice(0, -1)].reverse();
  const parts = Array.from({ length: blocks }, (_, i) => ({
    encode: layerStack(parameters.scope(`encoder${i}`), inputs, widths, leaky),
    decode: layerStack(parameters.scope(`decoder${i}`), widths.at(-1) as number, [...back, inputs]),
  }));
  const transition = layerStack(parameters.scope("transition"), inputs, [inputs, inputs]);
  return (h) => {
    let x = h;
    const latents = parts.map(({ encode, decode }) => {
      const latent = encode(x);
      x = add(x, decode(latent));
      return latent;
    });
    return { imagined: transition(x), latents: concat(latents, 1) };
  };
}

/**
 * Draws which of the modalities that a sample has it keeps, each set as likely as another, never none.
 *
 * @param present - [size] by modality: 1 where a sample has it
 * @param complete - whether a sample may keep all it has; one that has a single modality always does
 */
export function drawPatterns(
  present: readonly Uint8Array[],
  complete: boolean,
  random: Random,
): Uint8Array[] {
  const size = present[0]?.length ?? 0;
  const kept = present.map(() => new Uint8Array(size));
  for (let i = 0; i < size; i++) {
    const have = [...present.keys()].filter((k) => present[k]?.[i] === 1);
    if (have.length === 0) continue;
    const sets = (1 << have.length) - (complete || have.length === 1 ? 1 : 2);
    const drawn = 1 + random.int(sets);
    have.forEach((k, bit) => {
      (kept[k] as Uint8Array)[i] = (drawn >> bit) & 1;
    });
  }
  return kept;
}

/** The teacher's features [size, M d]: of what was taken away, and of blank inputs for what is kept; 0 where unknown. */
export function targetsOf<M extends string>(
  context: MethodContext<M, unknown>,
  batch: TrainingBatch<M>,
  present: readonly Uint8Array[],
  kept: readonly Uint8Array[],
): { target: Tensor; known: Tensor; count: number } {
  const { dim, engine, modalities } = context;
  const { size } = batch;
  const { encoders } = context.teacher as Teacher<M>;
  const sides = modalities.map((m, k) => {
    const input = batch.inputs[m];
    const has = present[k] as Uint8Array;
    const keeps = kept[k] as Uint8Array;
    const blank = imputed({ ...context, encoders }, m, undefined, size).values;
    const truth =
      input === undefined
        ? blank
        : spread(encoders[m].forward(input.input, EVALUATION), input.rows, size);
    const taken = engine.tensor(
      has.map((bit, i) => bit - (keeps[i] as number)),
      [size, 1],
    );
    return {
      target: add(mul(truth, taken), mul(blank, engine.tensor(keeps, [size, 1]))),
      known: broadcastTo(engine.tensor(has, [size, 1]), [size, dim]),
      count: dim * has.reduce((total, bit) => total + bit, 0),
    };
  });
  return {
    target: concat(
      sides.map(({ target }) => target),
      1,
    ),
    known: concat(
      sides.map(({ known }) => known),
      1,
    ),
    count: sides.reduce((total, { count }) => total + count, 0),
  };
}
