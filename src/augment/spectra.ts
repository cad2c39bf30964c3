import { integer, number } from "../config/options.ts";
import { defineAugmentation } from "../data/augmentation.ts";
import { DataError, formatShape } from "../engine/errors.ts";
import { addSpectraNoise, maskSpectra, rollSpectra } from "../features/spec-augment.ts";

/**
 * SpecAugment's masks, noise, and a roll in time, in this order.
 *
 * Source: SpecAugment (Interspeech 2019); noise and roll as in the public code of MLA (CVPR 2024), which masks 48 of 128
 * bands and 192 of 1024 frames, adds noise below 0.1 and rolls by up to 1024 frames. There a mask holds 0 before the
 * spectra are brought to mean 0 and deviation about 0.5; here `fill` is on the scale of the data.
 */
export const spectra = defineAugmentation({
  name: "spectra",
  title: "masks bands and frames of spectra [frames, bands], adds noise, rolls them in time",
  input: "dense",
  options: {
    bands: integer(0, "widest mask over neighbouring bands"),
    frames: integer(0, "longest mask over neighbouring frames"),
    masks: integer(1, "masks of each kind", { min: 0, max: 1000 }),
    fill: number(0, "what stands in a mask"),
    noise: number(0, "most noise added: each sample draws its share of it", { min: 0 }),
    roll: integer(0, "most frames that a sample is moved by; what leaves at one end comes back"),
  },
  build({ bands, frames, masks, fill, noise, roll }, { shape }) {
    const [length = 0, width = 0, channels = 1] = shape;
    if (shape.length < 2 || shape.length > 3 || channels !== 1) {
      throw new DataError(
        `spectra: Cannot augment samples of shape ${formatShape(shape)}: expected [frames, bands] or [frames, bands, 1], got another`,
      );
    }
    for (const [name, most, size] of [
      ["bands", bands, width],
      ["frames", frames, length],
      ["roll", roll, length],
    ] as const) {
      if (most <= size) continue;
      throw new DataError(
        `spectra: Cannot use "${name}" on samples of shape ${formatShape(shape)}: expected at most ${size}, got ${most}`,
      );
    }
    return {
      apply(values, random) {
        let out = maskSpectra({ values, shape: [length, width] }, random, {
          bands,
          frames,
          count: masks,
          fill,
        });
        if (noise > 0) out = addSpectraNoise(out, random, noise);
        if (roll > 0) out = rollSpectra(out, random.int(2 * roll) - roll);
        return out.values;
      },
    };
  },
});
