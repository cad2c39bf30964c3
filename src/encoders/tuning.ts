/** How an encoder is trained: which of its weights and how fast, for those that start from trained values; in how much memory. */
import { flag, integer, names, number, type OptionValues } from "../config/options.ts";
import { formatNames, OptionError } from "../engine/errors.ts";
import { EVALUATION } from "../nn/layers.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { Encoder } from "./encoder.ts";

/** A layer is what the first part of a parameter's name says: `stem`, `layer1`, `block0`, `out`. */
export const TUNING_OPTIONS = {
  rate: number(1, "factor of the learning rate", { min: 0 }),
  layerDecay: number(1, "further factor of the learning rate from each layer to the one before", {
    min: 0,
    max: 1,
  }),
  frozen: flag(false, "the whole encoder keeps its values"),
  freezeLayers: integer(0, "layers that keep their values, from the input on"),
  freezeNames: names("parameters that keep their values, by the start of their names"),
  microBatch: integer(0, "samples encoded at a time (transformer, resnet18); 0: all"),
  recompute: flag(false, "blocks are computed again, not kept (transformer, resnet18)"),
};

export type EncoderTuning = OptionValues<typeof TUNING_OPTIONS>;

/**
 * Builds an encoder whose weights are frozen and have rates as asked. Frozen weights take no gradients, and a frozen batch
 * norm keeps its statistics; an encoder that is frozen as a whole is as in use. Micro-batches and blocks computed again take
 * one more forward pass each.
 *
 * @throws {OptionError} if a name is that of no parameter
 */
export function buildTuned(
  modality: string,
  { rate, layerDecay, frozen, freezeLayers, freezeNames, microBatch, recompute }: EncoderTuning,
  parameters: Parameters,
  build: (parameters: Parameters) => Encoder,
): Encoder {
  const layers: string[] = [];
  const layerOf = (name: string): number => {
    const layer = name.split(".", 1)[0] as string;
    if (!layers.includes(layer)) layers.push(layer);
    return layers.indexOf(layer);
  };
  const starts = (name: string, start: string) => name === start || name.startsWith(`${start}.`);
  const tuned = parameters.frozenBy(
    (name) =>
      layerOf(name) < freezeLayers || frozen || freezeNames.some((start) => starts(name, start)),
  );
  const encoder = build(tuned);
  const all = tuned.local().map(([name]) => name);
  const unknown = freezeNames.find((start) => !all.some((name) => starts(name, start)));
  if (unknown !== undefined) {
    throw new OptionError(
      `train: Cannot freeze "${unknown}" of modality "${modality}": expected a name within one of ${formatNames(layers)}`,
    );
  }
  tuned.setRates((name) => {
    let factor = rate;
    for (let layer = layerOf(name); layer < layers.length - 1; layer++) factor *= layerDecay;
    return factor;
  });
  const { engine } = parameters;
  const forward: Encoder["forward"] = frozen
    ? (x) => engine.noGrad(() => encoder.forward(x, EVALUATION))
    : (x, mode) =>
        encoder.forward(x, mode.training ? { ...mode, microBatch, recompute } : EVALUATION);
  return { ...encoder, forward };
}
