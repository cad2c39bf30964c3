import { flag, number } from "../config/options.ts";
import { defineAugmentation } from "../data/augmentation.ts";
import { DataError, formatShape, OptionError } from "../engine/errors.ts";
import { flip } from "../features/crop.ts";
import { createFeatures, type Features } from "../features/features.ts";
import { randomResizedCrop } from "../features/random-crop.ts";
import { Random } from "../random.ts";

/**
 * A random resized crop and a horizontal flip of pictures [height, width, channels], or of each frame of a film [frames,
 * height, width, channels] by draws of its own.
 *
 * Source: as in the public code of MLA (CVPR 2024), where the crop is of the picture as it was shot; here it is of the
 * picture as it was prepared.
 */
export const pictures = defineAugmentation({
  name: "pictures",
  title: "takes a random part of pictures at full size, and flips them",
  input: "dense",
  options: {
    crop: flag(true, "take a random part of each picture"),
    leastArea: number(0.08, "least share of the picture's area that is taken", { min: 0, max: 1 }),
    mostArea: number(1, "largest share", { min: 0, max: 1 }),
    narrowest: number(3 / 4, "least width over height of the part", { min: 0.01, max: 100 }),
    broadest: number(4 / 3, "largest width over height", { min: 0.01, max: 100 }),
    flip: number(0.5, "chance that left and right are exchanged", { min: 0, max: 1 }),
    together: flag(false, "all frames of a film get the same crop and flip"),
  },
  build(options, { shape }) {
    const { crop, leastArea, mostArea, narrowest, broadest, together } = options;
    const [channels = 0, width = 0, height = 0, frames = 1] = shape.toReversed();
    if (shape.length < 3 || shape.length > 4) {
      throw new DataError(
        `pictures: Cannot augment samples of shape ${formatShape(shape)}: expected [height, width, channels] or [frames, height, width, channels], got another`,
      );
    }
    checkOrder("leastArea", leastArea, "mostArea", mostArea);
    checkOrder("narrowest", narrowest, "broadest", broadest);
    const length = height * width * channels;
    let features: Features | undefined;
    const one = (data: Float32Array, random: Random): Float32Array => {
      let picture = { width, height, channels, data };
      if (crop) {
        picture = randomResizedCrop(features as Features, picture, random, {
          width,
          height,
          area: [leastArea, mostArea],
          aspect: [narrowest, broadest],
        });
      }
      return random.float() < options.flip ? flip(picture).data : picture.data;
    };
    return {
      async ready() {
        if (crop) features = await createFeatures();
      },
      apply(values, random) {
        const out = new Float32Array(values.length);
        const seed = random.uint32();
        for (let frame = 0; frame < frames; frame++) {
          const at = frame * length;
          const own = new Random(seed, together ? 0 : frame);
          out.set(one(values.subarray(at, at + length), own), at);
        }
        return out;
      },
    };
  },
});

function checkOrder(low: string, least: number, high: string, most: number): void {
  if (least <= most) return;
  throw new OptionError(
    `pictures: Cannot set option "${low}": expected at most "${high}" = ${most}, got ${least}`,
  );
}
