import { describe, expect, it } from "vitest";
import { decodePicture } from "../../../src/node/decode/picture.ts";
import {
  claimJpegSize,
  claimPngSize,
  plainPng,
  RED_JPEG,
  RED_WEBP,
  rawPng,
} from "../../support/files.ts";

const decode = (bytes: Uint8Array) => decodePicture(bytes, "folder/cat.png");

describe("decodePicture()", () => {
  it.each([
    ["PNG", plainPng(8, 6, [254, 0, 0]), 1],
    ["JPEG, whatever its name", RED_JPEG, 3],
    ["WebP, whatever its name", RED_WEBP, 3],
  ])("reads %s", async (_name, bytes, tolerance) => {
    const { width, height, channels, data } = await decode(bytes);
    expect([width, height, channels, data.length]).toEqual([8, 6, 3, 8 * 6 * 3]);
    expect(Math.abs((data[0] as number) - 254)).toBeLessThanOrEqual(tolerance);
    expect(data[1]).toBeLessThanOrEqual(tolerance);
  });

  it("spreads grey over three channels, and lays what is transparent on white", async () => {
    expect([...(await decode(plainPng(1, 1, [100]))).data]).toEqual([100, 100, 100]);
    expect([...(await decode(plainPng(1, 1, [10, 20, 30, 0]))).data]).toEqual([255, 255, 255]);
    expect([...(await decode(plainPng(1, 1, [0, 0, 0, 51]))).data]).toEqual([204, 204, 204]);
  });

  it("reads colours from a palette, opacities of fewer than all of them", async () => {
    const palette = [10, 20, 30, 1, 2, 3, 70, 80, 90];
    const eight = rawPng([3, 1, 8, 3], [0, 0, 1, 2], palette);
    expect([...(await decode(eight)).data]).toEqual([10, 20, 30, 255, 255, 255, 70, 80, 90]);
    const two = rawPng([3, 1, 2, 3], [0, 0b00_01_10_00], palette);
    expect([...(await decode(two)).data]).toEqual([10, 20, 30, 255, 255, 255, 70, 80, 90]);
  });

  it.each([
    [1, [0, 0b0101_0000, 0, 0b1010_0000], [0, 255, 0, 255, 0, 255]],
    [2, [0, 0b00_01_10_00, 0, 0b11_00_01_00], [0, 85, 170, 255, 0, 85]],
    [4, [0, 0x0f, 0x10, 0, 0x80, 0xf0], [0, 255, 17, 136, 0, 255]],
    [16, [0, 0, 0, 255, 255, 128, 0, 0, 1, 0, 2, 0, 255, 254], [0, 255, 128, 1, 2, 255]],
  ])("reads grey of %s bits, rows that end within a byte", async (depth, rows, grey) => {
    const { data } = await decode(rawPng([3, 2, depth, 0], rows));
    expect(Array.from({ length: 6 }, (_, i) => data[3 * i])).toEqual(grey);
  });

  it.each([
    ["an empty file", new Uint8Array(0), "got an empty file"],
    ["a text", Buffer.from("hello, I am no picture"), "got another format"],
    ["a PNG that claims 100,000 x 100,000", claimPngSize(100_000, 100_000), "got 100000 x 100000"],
    ["a PNG of no pixels", claimPngSize(0, 5), "got 0 x 5"],
    ["half a PNG", plainPng(64, 64, [1, 2, 3]).subarray(0, 60), "expected a whole png file"],
    ["a PNG header alone", plainPng(2, 2, [1]).subarray(0, 14), "expected a whole png header"],
    ["half a JPEG", RED_JPEG.subarray(0, RED_JPEG.length - 30), "expected a whole jpeg file"],
    ["a JPEG header alone", RED_JPEG.subarray(0, 30), "expected a whole jpeg header"],
    ["half a WebP", RED_WEBP.subarray(0, 30), "expected a whole webp file"],
  ])("refuses %s, with its name", async (_name, bytes, message) => {
    await expect(decode(bytes)).rejects.toThrow(
      expect.objectContaining({
        name: "DataFormatError",
        message: expect.stringContaining(message),
      }),
    );
    await expect(decode(bytes)).rejects.toThrow("folder/cat.png: ");
    // The decoder works on.
    expect((await decode(RED_JPEG)).width).toBe(8);
  });

  it("refuses a JPEG that claims 60,000 x 60,000 before it decodes it", async () => {
    await expect(decode(claimJpegSize(60_000, 60_000))).rejects.toThrow("got 60000 x 60000");
  });
});
