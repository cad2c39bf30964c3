import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/engine/errors.ts";
import {
  KERNELS,
  type ResizeFilter,
  resampleWeights,
} from "../../src/features/resample-weights.ts";
import { resize, sizeOfShorterSide } from "../../src/features/resize.ts";
import { FEATURES, worstError } from "../support/features.ts";
import { fixtureCases } from "./fixture.ts";
import { asNumbers, makePicture } from "./pictures.ts";

const { simd, scalar } = FEATURES;

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
