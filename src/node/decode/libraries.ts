/**
 * The decoders that others wrote, behind types of our own. They are development dependencies: the build bundles this
 * module with them, and lays the two WASM decoders beside it.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import decodeJpegFile, { init as jpegInit } from "@jsquash/jpeg/decode.js";
import decodeWebpFile, { init as webpInit } from "@jsquash/webp/decode.js";
import { convertIndexedToRgb, decode as decodePngFile } from "fast-png";
import { unzipSync } from "fflate";
import Papa from "papaparse";
import wavefile from "wavefile";

export interface RawPicture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and opacity, 3 colours, 4 colours and opacity. */
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** Bits per value: 1, 2, 4, 8 or 16; below 8 they are packed, and each row begins with a whole byte. */
  readonly depth: number;
}

/** Where the bundle has the WASM of the decoders: beside it, or beside its other form if it is the one for CommonJS. */
const FOLDERS = ["./", "../../../node/decode/"];

/** The WASM of a decoder: with the bundle, or in its package. */
async function wasmModule(name: string, specifier: string): Promise<WebAssembly.Module> {
  const places = FOLDERS.map((folder) =>
    fileURLToPath(new URL(`${folder}${name}.wasm`, import.meta.url)),
  );
  const path = places.find(existsSync) ?? createRequire(import.meta.url).resolve(specifier);
  return WebAssembly.compile(await readFile(path));
}

/** What a decoder prints of a broken file. */
const complaints: string[] = [];
const hooks = {
  print: (line: string) => complaints.push(line),
  printErr: (line: string) => complaints.push(line),
};

/** The packages' types leave out the second argument. */
type Init = (codec: WebAssembly.Module, options: typeof hooks) => Promise<void>;
const initJpeg = jpegInit as unknown as Init;
const initWebp = webpInit as unknown as Init;

function startOnce(start: () => Promise<void>): () => Promise<void> {
  let started: Promise<void> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}

const startJpeg = startOnce(async () => {
  provideImageData();
  const codec = await wasmModule("mozjpeg_dec", "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm");
  await initJpeg(codec, hooks);
});
const startWebp = startOnce(async () => {
  provideImageData();
  const codec = await wasmModule("webp_dec", "@jsquash/webp/codec/dec/webp_dec.wasm");
  await initWebp(codec, hooks);
});

/** The decoders make objects of this class of browsers. */
function provideImageData(): void {
  const scope = globalThis as { ImageData?: unknown };
  scope.ImageData ??= class ImageData {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;
    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data;
      this.width = width;
      this.height = height;
    }
  };
}

async function listen(decode: () => Promise<ImageData>): Promise<RawPicture> {
  complaints.length = 0;
  let picture: ImageData | undefined;
  try {
    picture = await decode();
  } catch (error) {
    throw new Error(complaints[0] ?? (error instanceof Error ? error.message : "a broken file"));
  }
  // A decoder of JPEG fills what it could not read with grey, and says so.
  if (complaints.length > 0) throw new Error(complaints[0]);
  const { width, height, data } = picture;
  return { width, height, channels: 4, depth: 8, data };
}

/** @throws {Error} if the file is broken or ends early */
export async function jpeg(bytes: Uint8Array): Promise<RawPicture> {
  await startJpeg();
  return listen(() => decodeJpegFile(exactBuffer(bytes)));
}

/** @throws {Error} if the file is broken or ends early */
export async function webp(bytes: Uint8Array): Promise<RawPicture> {
  await startWebp();
  return listen(() => decodeWebpFile(exactBuffer(bytes)));
}

/** @throws {Error} if the file is broken or ends early */
export function png(bytes: Uint8Array): RawPicture {
  const decoded = decodePngFile(bytes, { checkCrc: true });
  const { width, height, channels, depth, data } = decoded;
  if (!decoded.palette) return { width, height, channels, depth, data };
  // Opacities may be fewer than colours.
  const palette = decoded.palette.map(([r = 0, g = 0, b = 0, alpha = 255]) => [r, g, b, alpha]);
  const colours = convertIndexedToRgb({ ...decoded, palette });
  return { width, height, channels: 4, depth: 8, data: colours };
}

/**
 * The samples of a compressed WAV, as integers of 16 bits.
 *
 * @throws {Error} if it is no WAV of a compression that it knows
 */
export function unpackWav(bytes: Uint8Array): Uint8Array {
  const file = new wavefile.WaveFile();
  file.fromBuffer(bytes, true);
  if (file.bitDepth === "4") file.fromIMAADPCM();
  else if (file.bitDepth === "8a") file.fromALaw();
  else if (file.bitDepth === "8m") file.fromMuLaw();
  else throw new Error(`samples of ${file.bitDepth} bits`);
  return (file.data as { samples: Uint8Array }).samples;
}

/**
 * The rows of a CSV text, cells as texts, with the number of the line on which each row begins.
 *
 * @param delimiter - default: found out
 */
export function csv(
  text: string,
  delimiter = "",
): {
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly errors: readonly { readonly line: number; readonly message: string }[];
} {
  const rows: { line: number; cells: string[] }[] = [];
  const errors: { line: number; message: string }[] = [];
  let line = 1;
  let start = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: false,
    step({ data, errors: found, meta }) {
      for (const { message } of found) {
        if (!message.startsWith("Unable to auto-detect")) errors.push({ line, message });
      }
      if (data.some((cell) => cell !== "")) rows.push({ line, cells: data });
      line += newlines(text, start, meta.cursor);
      start = meta.cursor;
    },
  });
  return { rows, errors };
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = text.indexOf("\n", from); i >= 0 && i < to; i = text.indexOf("\n", i + 1)) count++;
  return count;
}

/**
 * The files in a zip archive.
 *
 * @param limit - most bytes that one unpacked file may have
 * @throws {Error} if it is broken, or a file is larger
 */
export function zip(bytes: Uint8Array, limit: number): Readonly<Record<string, Uint8Array>> {
  return unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (originalSize > limit) throw new Error(`"${name}" claims ${originalSize} bytes`);
      return true;
    },
  });
}

/** A buffer of these bytes alone. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
