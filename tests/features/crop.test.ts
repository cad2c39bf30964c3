import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/engine/errors.ts";
import { centreCrop, crop, flip } from "../../src/features/crop.ts";
import type { Picture } from "../../src/features/picture.ts";
import { randomBox, randomResizedCrop } from "../../src/features/random-crop.ts";
import { Random } from "../../src/random.ts";
import { FEATURES } from "../support/features.ts";
import { makePicture } from "./pictures.ts";

const { simd } = FEATURES;

describe("crop, centreCrop and flip", () => {
  const picture = makePicture(5, 4, 2);
  const at = ({ data, width, channels }: Picture, x: number, y: number, c: number) =>
    data[(y * width + x) * channels + c];

  it("take the pixels of the box", () => {
    const part = crop(picture, { left: 2, top: 1, width: 3, height: 2 });
    expect([part.width, part.height, part.channels]).toEqual([3, 2, 2]);
    for (const [x, y, c] of [
      [0, 0, 0],
      [2, 1, 1],
    ] as const) {
      expect(at(part, x, y, c)).toBe(at(picture, x + 2, y + 1, c));
    }
    expect(at(centreCrop(picture, 1, 2), 0, 0, 1)).toBe(at(picture, 2, 1, 1));
    // Python rounds 1/2 to 0 and 3/2 to 2.
    expect(at(centreCrop(picture, 2, 1), 0, 0, 0)).toBe(at(picture, 2, 2, 0));
  });

  it("exchange left and right, and twice gives the picture", () => {
    expect(at(flip(picture), 4, 3, 1)).toBe(at(picture, 0, 3, 1));
    expect(flip(flip(picture))).toEqual(picture);
  });

  it("refuse what is not within the picture", () => {
    expect(() => centreCrop(picture, 6, 2)).toThrow(OptionError);
    expect(() => centreCrop(picture, 6, 2)).toThrow(
      "crop: Cannot use width: expected a whole number from 1 to 5, got 6",
    );
    expect(() => crop(picture, { left: 3, top: 0, width: 3, height: 1 })).toThrow(
      "Cannot use left: expected a whole number from 0 to 2, got 3",
    );
  });
});

describe("randomResizedCrop", () => {
  const picture = makePicture(64, 48, 3);

  it("draws boxes within the picture, of the areas and aspects asked for", () => {
    const random = new Random(1, "boxes");
    const boxes = Array.from({ length: 500 }, () =>
      randomBox(picture, random, { area: [0.2, 0.5], aspect: [0.5, 2] }),
    );
    for (const { left, top, width, height } of boxes) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(64);
      expect(top + height).toBeLessThanOrEqual(48);
      // A half pixel of rounding per side.
      expect((width * height) / (64 * 48)).toBeGreaterThan(0.19);
      expect((width * height) / (64 * 48)).toBeLessThan(0.52);
      expect(width / height).toBeGreaterThan(0.47);
      expect(width / height).toBeLessThan(2.1);
    }
    const mean = boxes.reduce((sum, box) => sum + box.width * box.height, 0) / 500 / (64 * 48);
    expect(mean).toBeGreaterThan(0.32);
    expect(mean).toBeLessThan(0.38);
    expect(new Set(boxes.map(({ left }) => left)).size).toBeGreaterThan(20);
  });

  it("takes the largest box of an allowed aspect if none drawn fits", () => {
    const options = { area: [1, 1], aspect: [2, 2] } as const;
    expect(randomBox(makePicture(10, 30, 1), new Random(1), options)).toEqual({
      left: 0,
      top: 12,
      width: 10,
      height: 5,
    });
  });

  it("is the same for the same seed, and another one for another", () => {
    const options = { width: 8, height: 8 };
    const draw = (seed: number) =>
      randomResizedCrop(simd, picture, new Random(seed, "sample 3"), options);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
