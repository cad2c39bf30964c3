import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { encodePng, isPictureShape } from "../../src/node/png.ts";

describe("encodePng()", () => {
  it.each([1, 3, 4])("writes what a decoder reads back, with %i channels", (channels) => {
    const shape = [3, 5, channels];
    const bytes = Uint8Array.from({ length: 15 * channels }, (_, i) => (i * 37) % 256);
    const picture = decode(encodePng(bytes, shape), { checkCrc: true });
    expect([picture.height, picture.width, picture.channels]).toEqual(shape);
    expect(Uint8Array.from(picture.data)).toEqual(bytes);
  });

  it("knows which shapes are pictures", () => {
    expect([[3, 5, 3], [3, 5, 2], [15]].map(isPictureShape)).toEqual([true, false, false]);
  });
});
