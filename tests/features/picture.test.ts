import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import { centreCrop, crop, flip } from "../../src/features/crop.ts";
import { IMAGENET_COLOURS, normalisePicture } from "../../src/features/normalise-picture.ts";
import type { Picture } from "../../src/features/picture.ts";
import { randomBox, randomResizedCrop } from "../../src/features/random-crop.ts";
import {
  KERNELS,
  type ResizeFilter,
  resampleWeights,
} from "../../src/features/resample-weights.ts";
import { resize, sizeOfShorterSide } from "../../src/features/resize.ts";
import { Random } from "../../src/random.ts";
import { FEATURES, worstError } from "../support/features.ts";
import { fixtureCases } from "./fixture.ts";

const { simd, scalar } = FEATURES;

/** The noise of make-features.py. */
function makePicture(width: number, height: number, channels: number): Picture<Uint8Array> {
  const data = Uint8Array.from(
    { length: width * height * channels },
    (_, i) => Math.imul(i + 1, 2654435761) >>> 24,
  );
  return { width, height, channels, data };
}

function asNumbers(picture: Picture): Picture<Float32Array> {
  return { ...picture, data: Float32Array.from(picture.data) };
}

interface BytesCase {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly outWidth: number;
  readonly outHeight: number;
  readonly filter: ResizeFilter;
  readonly sha256: string;
}

interface FloatsCase extends Omit<BytesCase, "channels" | "sha256"> {
  readonly antialias: boolean;
  readonly values: readonly number[];
}

describe("resize of bytes", () => {
  for (const { sha256, outWidth, outHeight, filter, ...c } of fixtureCases<BytesCase>(
    "resizeBytes",
  )) {
    it(`has the bytes of Pillow, ${c.width}x${c.height}x${c.channels} to ${outWidth}x${outHeight} ${filter}`, () => {
      const picture = makePicture(c.width, c.height, c.channels);
      for (const features of [simd, scalar]) {
        const out = resize(features, picture, { width: outWidth, height: outHeight, filter });
        expect(createHash("sha256").update(out.data).digest("hex")).toBe(sha256);
      }
    });
  }

  it("gives the same bytes in both builds for any size", () => {
    const side = fc.integer({ min: 1, max: 40 });
    const cases = fc.record({
      width: side,
      height: side,
      channels: fc.integer({ min: 1, max: 5 }),
      outWidth: side,
      outHeight: side,
      filter: fc.constantFrom(...(Object.keys(KERNELS) as ResizeFilter[])),
      antialias: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ width, height, channels, outWidth, outHeight, ...rest }) => {
        const picture = makePicture(width, height, channels);
        const options = { width: outWidth, height: outHeight, ...rest };
        expect(resize(simd, picture, options)).toEqual(resize(scalar, picture, options));
        const numbers = asNumbers(picture);
        expect(resize(simd, numbers, options)).toEqual(resize(scalar, numbers, options));
      }),
      { numRuns: 60 },
    );
  });

  it("notices a single pixel that is not opaque, wherever it stands", () => {
    for (let at = 0; at < 7; at++) {
      const data = new Uint8Array(7 * 4).fill(255);
      data.set([100, 100, 100, 51], at * 4);
      const picture = { width: 7, height: 1, channels: 4, data };
      const out = resize(simd, picture, { width: 14, height: 1, filter: "box" });
      expect([...out.data.subarray(at * 8, at * 8 + 8)]).toEqual([
        100, 100, 100, 51, 100, 100, 100, 51,
      ]);
      expect(out).toEqual(resize(scalar, picture, { width: 14, height: 1, filter: "box" }));
    }
  });

  it("keeps an even colour, up to the brightest", () => {
    for (const value of [0, 7, 255]) {
      const data = new Uint8Array(37 * 29 * 3).fill(value);
      const picture = { width: 37, height: 29, channels: 3, data };
      for (const filter of Object.keys(KERNELS) as ResizeFilter[]) {
        const out = resize(simd, picture, { width: 100, height: 11, filter });
        expect(out.data.every((x) => x === value)).toBe(true);
      }
    }
  });

  it("leaves the given picture as it is, and does not share memory with it", () => {
    const picture = makePicture(6, 5, 4);
    const before = picture.data.slice();
    resize(simd, picture, { width: 3, height: 3 });
    const same = resize(simd, picture, { width: 6, height: 5 });
    expect(same.data).toEqual(before);
    expect(same.data).not.toBe(picture.data);
    expect(picture.data).toEqual(before);
  });
});

describe("data of other kinds", () => {
  it("are refused rather than misread", () => {
    const data = new Uint8ClampedArray(12) as unknown as Uint8Array;
    expect(() =>
      resize(simd, { width: 2, height: 2, channels: 3, data }, { width: 1, height: 1 }),
    ).toThrow(
      "resize: Cannot use the picture: expected Uint8Array or Float32Array, got Uint8ClampedArray",
    );
  });

  it("are taken if they are a Node Buffer, and copied", () => {
    const { data, ...picture } = makePicture(4, 3, 3);
    const size = { width: 4, height: 3 };
    const out = resize(simd, { ...picture, data: Buffer.from(data) }, size);
    expect(out.data).toEqual(data);
    expect(flip({ ...picture, data: Buffer.from(data) })).toEqual(flip({ ...picture, data }));
    const source = Buffer.from(data);
    resize(simd, { ...picture, data: source }, size).data[0] = 1 + (data[0] as number);
    expect(source[0]).toBe(data[0]);
  });
});

describe("resize of numbers", () => {
  for (const { values, width, height, outWidth, outHeight, ...rest } of fixtureCases<FloatsCase>(
    "resizeFloats",
  )) {
    it(`agrees with PyTorch in float64, ${width}x${height} to ${outWidth}x${outHeight} ${JSON.stringify(rest)}`, () => {
      const picture = asNumbers(makePicture(width, height, 3));
      const out = resize(simd, picture, { width: outWidth, height: outHeight, ...rest });
      expect(worstError(out.data, values)).toBeLessThan(2e-6);
    });
  }

  it("is the sum of weights and pixels, by its definition in float64", () => {
    const picture = asNumbers(makePicture(9, 8, 5));
    const out = resize(simd, picture, { width: 4, height: 13, filter: "bicubic" });
    const across = resampleWeights(9, 4, "bicubic", true);
    const down = resampleWeights(8, 13, "bicubic", true);
    const wanted: number[] = [];
    for (let y = 0; y < 13; y++) {
      for (let x = 0; x < 4; x++) {
        for (let c = 0; c < 5; c++) {
          let sum = 0;
          for (let j = 0; j < (down.spans[2 * y + 1] as number); j++) {
            for (let i = 0; i < (across.spans[2 * x + 1] as number); i++) {
              const row = (down.spans[2 * y] as number) + j;
              const column = (across.spans[2 * x] as number) + i;
              const weight =
                (down.weights[y * down.taps + j] as number) *
                (across.weights[x * across.taps + i] as number);
              sum += weight * (picture.data[(row * 9 + column) * 5 + c] as number);
            }
          }
          wanted.push(sum);
        }
      }
    }
    expect(worstError(out.data, wanted)).toBeLessThan(2e-6);
  });
});

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

describe("normalisePicture", () => {
  it("gives (byte / 255 - mean) / deviation of each channel", () => {
    const picture = makePicture(4, 3, 3);
    const out = normalisePicture(picture, IMAGENET_COLOURS);
    const wanted = Array.from(picture.data, (byte, i) => {
      const [mean, deviation] = [IMAGENET_COLOURS.mean, IMAGENET_COLOURS.deviation];
      return (byte / 255 - (mean[i % 3] as number)) / (deviation[i % 3] as number);
    });
    expect(worstError(out, wanted)).toBeLessThan(1e-6);
  });

  it("refuses other numbers of channels, and no deviation", () => {
    expect(() => normalisePicture(makePicture(4, 3, 1), IMAGENET_COLOURS)).toThrow(ShapeError);
    expect(() => normalisePicture(makePicture(4, 3, 1), { mean: [0], deviation: [0] })).toThrow(
      "Cannot use deviation",
    );
    expect(() =>
      normalisePicture(makePicture(4, 3, 3), IMAGENET_COLOURS, new Float32Array(5)),
    ).toThrow("expected room for 36 numbers, got 5");
  });
});

describe("sizes", () => {
  it("of the shorter side keep the aspect", () => {
    expect(sizeOfShorterSide({ width: 500, height: 375 }, 224)).toEqual({
      width: 298,
      height: 224,
    });
    expect(sizeOfShorterSide({ width: 100, height: 301 }, 50)).toEqual({ width: 50, height: 150 });
  });

  it("that are none, and data of another shape, are refused", () => {
    const picture = makePicture(4, 3, 3);
    expect(() => resize(simd, picture, { width: 0, height: 3 })).toThrow(
      "resize: Cannot use width",
    );
    expect(() => resize(simd, picture, { width: 2, height: 1.5 })).toThrow("Cannot use height");
    expect(() => resize(simd, picture, { width: 65536, height: 65536 })).toThrow(
      "resize: Cannot use width x height x channels",
    );
    expect(() => resize(simd, { ...picture, channels: 4 }, { width: 2, height: 2 })).toThrow(
      "resize: Cannot use the picture: expected 48 numbers for [3, 4, 4], got 36",
    );
    expect(() => resize(simd, { ...picture, width: -1 }, { width: 2, height: 2 })).toThrow(
      ShapeError,
    );
    expect(() =>
      resize(simd, picture, { width: 2, height: 2, filter: "nearest" as "box" }),
    ).toThrow('resize: Cannot find filter "nearest": expected one of "box", "bilinear", "bicubic"');
  });
});
