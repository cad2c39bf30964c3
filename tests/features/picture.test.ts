import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/engine/errors.ts";
import { flip } from "../../src/features/crop.ts";
import { IMAGENET_COLOURS, normalisePicture } from "../../src/features/normalise-picture.ts";
import { resize } from "../../src/features/resize.ts";
import { FEATURES, worstError } from "../support/features.ts";
import { makePicture } from "./pictures.ts";

const { simd } = FEATURES;

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
