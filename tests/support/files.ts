/** Small real files, made in memory. */
import { encodePng } from "../../src/node/png.ts";

/** 8 x 6 pixels of red, by ffmpeg. */
export const RED_JPEG = Buffer.from(
  "/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgHBwcGBgcHCAgICAkJCQgICAgJCQoKCgwMCwsODg4RERT/xABMAAEBAAAAAAAAAAAAAAAAAAAABgEBAQAAAAAAAAAAAAAAAAAABgcQAQAAAAAAAAAAAAAAAAAAAAARAQAAAAAAAAAAAAAAAAAAAAD/wAARCAAGAAgDASIAAhEAAxEA/9oADAMBAAIRAxEAPwCLAFF/f//Z",
  "base64",
);

/** The same, lossless. */
export const RED_WEBP = Buffer.from(
  "UklGRiAAAABXRUJQVlA4TBQAAAAvB0ABAAcQ9Y/+BwCC8L9tIqL/IQ==",
  "base64",
);

/** A PNG of one colour. */
export function plainPng(width: number, height: number, colour: readonly number[]): Uint8Array {
  const pixels = new Uint8Array(width * height * colour.length);
  for (let i = 0; i < width * height; i++) pixels.set(colour, i * colour.length);
  return encodePng(pixels, [height, width, colour.length]);
}

export type WavDepth = 8 | 16 | 24 | 32 | "32f";

/** A WAV file of interleaved samples in [-1, 1). */
export function wavFile(
  samples: readonly number[],
  { rate = 8000, channels = 1, depth = 16 as WavDepth } = {},
): Uint8Array {
  const bytes = depth === "32f" ? 4 : depth / 8;
  const file = Buffer.alloc(44 + samples.length * bytes);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(depth === "32f" ? 3 : 1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * bytes * channels, 28);
  file.writeUInt16LE(bytes * channels, 32);
  file.writeUInt16LE(bytes * 8, 34);
  file.write("data", 36);
  file.writeUInt32LE(samples.length * bytes, 40);
  samples.forEach((sample, i) => {
    const at = 44 + i * bytes;
    if (depth === "32f") file.writeFloatLE(sample, at);
    else if (depth === 8) file.writeUInt8(Math.floor(sample * 128) + 128, at);
    else file.writeIntLE(Math.floor(sample * 2 ** (depth - 1)), at, bytes);
  });
  return file;
}

/** A tone of some Hertz. */
export function tone(hertz: number, seconds: number, rate = 8000): number[] {
  return Array.from(
    { length: Math.floor(seconds * rate) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}
