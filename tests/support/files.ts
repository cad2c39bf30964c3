/** Small real files, made in memory. */
import { crc32, deflateSync } from "node:zlib";
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

/**
 * A PNG of raw rows, each begun by its filter.
 *
 * @param header - width, height, bits, type of colours
 */
export function rawPng(
  header: readonly number[],
  rows: readonly number[],
  palette?: readonly number[],
): Uint8Array {
  const chunk = (name: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const [width = 0, height = 0, depth = 0, type = 0] = header;
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    chunk("IHDR", Buffer.of(0, 0, 0, width, 0, 0, 0, height, depth, type, 0, 0, 0)),
    ...(palette ? [chunk("PLTE", Buffer.from(palette)), chunk("tRNS", Buffer.of(255, 0))] : []),
    chunk("IDAT", deflateSync(Buffer.from(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A PNG whose header claims a size. */
export function claimPngSize(width: number, height: number): Uint8Array {
  const bytes = Buffer.from(plainPng(2, 2, [1]));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

/** {@link RED_JPEG}, whose frame claims a size. */
export function claimJpegSize(width: number, height: number): Uint8Array {
  const bytes = Buffer.from(RED_JPEG);
  const frame = bytes.indexOf(Buffer.of(0xff, 0xc0));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
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
