/** Sound and video that need more than WAV: the program ffmpeg, started once per file. */
import { spawn } from "node:child_process";
import { refuseFile } from "../../decode/broken-file.ts";
import { MAX_SAMPLES, type Sound } from "../../decode/sound.ts";
import { DataError } from "../../engine/errors.ts";
import type { Picture } from "../../features/picture.ts";
import { toRgb } from "./picture.ts";

export interface FfmpegOptions {
  /** The program; default: ALTERMODAL_FFMPEG, else `ffmpeg` on the PATH. */
  readonly program?: string;
  /** A file that takes longer is given up; default 120 s. */
  readonly timeoutMs?: number;
}

export function ffmpegProgram(options: FfmpegOptions = {}): string {
  return options.program ?? process.env.ALTERMODAL_FFMPEG ?? "ffmpeg";
}

/**
 * The sound of a file, one channel, at a rate of choice.
 *
 * @throws {DataFormatError} if there is none, or ffmpeg cannot read the file or takes too long
 * @throws {DataError} if the program is missing
 */
export async function decodeSoundFile(
  path: string,
  sampleRate: number,
  options: FfmpegOptions = {},
): Promise<Sound> {
  const filters = ["-vn", "-ac", "1", "-ar", `${sampleRate}`, "-f", "f32le"];
  const bytes = await run(path, filters, MAX_SAMPLES, options);
  const samples = new Float32Array(exact(bytes, Math.floor(bytes.length / 4) * 4));
  if (samples.length === 0) refuseFile(path, "a sound", "none");
  return { sampleRate, samples };
}

export interface FrameOptions {
  /** Frames per second of the film. */
  readonly rate: number;
  /** Width and height in which frames are asked for. */
  readonly side: number;
  /** Seconds of the film; default: all of it. */
  readonly span?: { readonly start: number; readonly end: number };
}

/**
 * The frames of a film (or the one of a picture in a format of ffmpeg's), scaled to a square.
 *
 * @throws {DataFormatError} and {DataError} as {@link decodeSoundFile}
 */
export async function decodeFrames(
  path: string,
  { rate, side, span }: FrameOptions,
  options: FfmpegOptions = {},
): Promise<Picture<Uint8Array>[]> {
  // A single picture has no time; the filter passes its one frame on.
  const filters = ["-an", "-vf", `fps=${rate}:round=up,scale=${side}:${side}:flags=bicubic`];
  const bytes = await run(
    path,
    [...filters, "-pix_fmt", "rgb24", "-f", "rawvideo"],
    2 ** 30,
    options,
    span === undefined ? [] : ["-ss", `${span.start}`, "-t", `${span.end - span.start}`],
  );
  const length = side * side * 3;
  const count = Math.floor(bytes.length / length);
  if (count === 0) refuseFile(path, "at least one frame", "none");
  return Array.from({ length: count }, (_, i) => ({
    width: side,
    height: side,
    channels: 3,
    data: bytes.subarray(i * length, (i + 1) * length),
  }));
}

/** One picture in a format that only ffmpeg reads (SVG, GIF, BMP, AVIF), within a square, on white. */
export async function decodeStill(
  path: string,
  side: number,
  options: FfmpegOptions = {},
): Promise<Picture<Uint8Array>> {
  const fit = `scale=${side}:${side}:force_original_aspect_ratio=decrease:flags=bicubic`;
  const square = `format=rgba,pad=${side}:${side}:(ow-iw)/2:(oh-ih)/2:color=white@0`;
  const output = ["-vf", `${fit},${square}`, "-frames:v", "1", "-pix_fmt", "rgba"];
  const data = await run(path, [...output, "-f", "rawvideo"], 2 ** 28, options);
  if (data.length !== side * side * 4) refuseFile(path, "a picture", "none");
  return toRgb({ width: side, height: side, channels: 4, depth: 8, data });
}

function run(
  path: string,
  output: readonly string[],
  limit: number,
  options: FfmpegOptions,
  input: readonly string[] = [],
): Promise<Uint8Array> {
  const program = ffmpegProgram(options);
  const timeoutMs = options.timeoutMs ?? 120_000;
  return new Promise((resolve, reject) => {
    // "file:" keeps names such as "http:x" or "-y" from being anything but files.
    const from = ["-threads", "1", ...input, "-i", `file:${path}`];
    const args = ["-nostdin", "-v", "error", ...from, ...output, "-"];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = "";
    let ended: string | undefined;
    const end = (reason: string) => {
      ended ??= reason;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => end(`no end after ${timeoutMs / 1000} s`), timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) end(`more than ${limit} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (complaint.length < 500) complaint += chunk.toString();
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(missingProgram(program, error as NodeJS.ErrnoException));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      try {
        const said = complaint.trim().split("\n").at(-1) ?? "";
        if (ended !== undefined) refuseFile(path, "a file that ffmpeg reads", ended);
        if (code !== 0) {
          refuseFile(path, "a file that ffmpeg reads", said || `exit by ${code ?? signal}`);
        }
        resolve(Buffer.concat(chunks));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function missingProgram(program: string, error: NodeJS.ErrnoException): DataError {
  const actual = error.code === "ENOENT" ? "none" : error.message;
  return new DataError(
    `ffmpeg: Cannot start "${program}": expected the program that decodes this sound or film, got ${actual}; install it (Debian: apt install ffmpeg) or name it by --ffmpeg or ALTERMODAL_FFMPEG`,
  );
}

function exact(bytes: Uint8Array, length: number): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + length) as ArrayBuffer;
}
