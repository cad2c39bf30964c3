import { describe, expect, it } from "vitest";
import { decodeWav } from "../../../src/node/decode/wav.ts";
import { wavFile } from "../../support/files.ts";

const SAMPLES = [0, 0.5, -0.5, 0.25, -1, 0.75];
const decode = (bytes: Uint8Array) => decodeWav(bytes, "a.wav");
const change = (edit: (file: Buffer) => void) => {
  const file = Buffer.from(wavFile(SAMPLES));
  edit(file);
  return file;
};

describe("decodeWav()", () => {
  it.each([8, 16, 24, 32, "32f"] as const)("reads samples of %s bits", async (depth) => {
    const { sampleRate, samples } = await decode(wavFile(SAMPLES, { depth, rate: 22050 }));
    expect(sampleRate).toBe(22050);
    expect([...samples]).toEqual(SAMPLES);
  });

  it("reads the extensible form, and compressed samples", async () => {
    const plain = Buffer.from(wavFile(SAMPLES));
    const more = Buffer.alloc(24);
    more.writeUInt16LE(22, 0);
    more.writeUInt16LE(1, 8);
    const extensible = Buffer.concat([plain.subarray(0, 36), more, plain.subarray(36)]);
    extensible.writeUInt32LE(40, 16);
    extensible.writeUInt16LE(0xfffe, 20);
    expect([...(await decode(extensible)).samples]).toEqual(SAMPLES);
    const packed = Buffer.from(wavFile(SAMPLES, { depth: 8 }));
    packed.writeUInt16LE(7, 20);
    packed.set([0xff, 0x7f, 0x00, 0x80, 0x0f, 0x8f], 44);
    const loudest = 32124 / 32768;
    const soft = 16764 / 32768;
    // The two zeros of mu-law, its loudest steps and half of them.
    const values = [0, 0, -loudest, loudest, -soft, soft];
    const { samples } = await decode(packed);
    for (const [i, value] of values.entries()) expect(samples[i]).toBeCloseTo(value, 2);
  });

  it("takes the mean of the channels", async () => {
    const { samples } = await decode(wavFile(SAMPLES, { channels: 2 }));
    expect([...samples]).toEqual([0.25, -0.125, -0.125]);
  });

  it.each([
    ["an empty file", new Uint8Array(0), "an empty file"],
    ["a picture", Buffer.of(0x89, 0x50, 0x4e, 0x47, 0, 0), "a png file"],
    ["a file cut off", wavFile(SAMPLES).subarray(0, 50), 'at most 6 bytes in chunk "data", got 12'],
    ["a size that lies", change((file) => file.writeUInt32LE(0xfffffff0, 40)), "got 4294967280"],
    [
      "a format that is too short",
      change((file) => file.writeUInt32LE(2, 16)),
      "at least 16 bytes",
    ],
    ["no channel", change((file) => file.writeUInt16LE(0, 22)), "1 to 64 channels, got 0"],
    [
      "frames that do not fit",
      change((file) => file.writeUInt16LE(7, 32)),
      "2 bytes per frame, got 7",
    ],
    ["no samples", change((file) => file.writeUInt32LE(0, 40)), "at least one sample"],
    ["a rate of 0", change((file) => file.writeUInt32LE(0, 24)), "a rate of 1 to 1,000,000 Hz"],
    ["samples without a format", change((file) => file.write("junk", 12)), "a format chunk before"],
    ["samples of 12 bits", change((file) => file.writeUInt16LE(12, 34)), "samples of 12 bits"],
    ["NaN", wavFile([0, Number.NaN], { depth: "32f" }), "finite samples, got NaN"],
  ])("refuses %s", async (_name, bytes, message) => {
    await expect(decode(bytes)).rejects.toThrow(
      expect.objectContaining({
        name: "DataFormatError",
        message: expect.stringContaining(message),
      }),
    );
  });
});
