/** Real media files, small and few: speech by espeak-ng, everything else by ffmpeg. */
import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { bertTokenizer } from "../../support/bert-tokenizer.ts";

const run = promisify(execFile);

/** What the miniatures need that is not installed. */
export function missingPrograms(): string[] {
  return ["ffmpeg", "espeak-ng"].filter(
    (program) => spawnSync(program, ["--help"], { stdio: "ignore" }).error !== undefined,
  );
}

export async function ffmpeg(...args: string[]): Promise<void> {
  await run("ffmpeg", ["-nostdin", "-y", "-v", "error", ...args]);
}

/** A WAV of 22,050 Hz. */
export async function speak(path: string, text: string, pitch: number): Promise<void> {
  await run("espeak-ng", ["-w", path, "-v", "en", "-s", "220", "-p", `${pitch}`, text]);
}

/** A moving pattern with a block of one colour; options as ffmpeg's sources take them. */
export function pattern(colour: string, seconds: number): string {
  return `testsrc2=size=64x48:rate=5:duration=${seconds},drawbox=x=8:y=8:w=32:h=32:color=${colour}:t=fill`;
}

/** Codecs as the owners' files have them. */
const FILMS = {
  flv: ["-c:v", "flv", "-c:a", "pcm_s16le", "-ar", "22050"],
  mp4: ["-c:v", "mpeg4", "-c:a", "aac", "-ar", "44100"],
  avi: ["-c:v", "mpeg4", "-vtag", "DX50", "-c:a", "pcm_s16le"],
} as const;

/** A film of a pattern; with the sound of a file, if one is given. */
export async function film(
  path: string,
  kind: keyof typeof FILMS,
  { colour, seconds, sound }: { colour: string; seconds: number; sound?: string },
): Promise<void> {
  const input = ["-f", "lavfi", "-i", pattern(colour, seconds)];
  if (sound === undefined) return ffmpeg(...input, "-c:v", FILMS[kind][1], path);
  await ffmpeg(...input, "-i", sound, ...FILMS[kind], path);
}

/** One frame of a pattern, in the format that the name says. */
export async function still(path: string, colour: string, size = "96x64"): Promise<void> {
  await ffmpeg(
    "-f",
    "lavfi",
    "-i",
    `${pattern(colour, 1)},scale=${size.replace("x", ":")}`,
    "-frames:v",
    "1",
    path,
  );
}

/** Copies a file to places, with the folders on the way. */
export async function spread(from: string, to: readonly string[]): Promise<void> {
  for (const path of to) {
    await mkdir(dirname(path), { recursive: true });
    await copyFile(from, path);
  }
}

/** Writes a text file with the folders on the way. */
export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Begins UTF-8 files of some editors. */
export const BOM = "\ufeff";

/** A WordPiece tokenizer of whole words and letters, in the layout of bert-base-uncased's. */
export function tokenizerJson(words: readonly string[]): string {
  const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789.,!?'"];
  const pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...letters]
    .concat(letters.map((letter) => `##${letter}`))
    .concat(words);
  const added = [{ id: 0, content: "[PAD]", special: true }];
  return JSON.stringify({ version: "1.0", ...bertTokenizer([...new Set(pieces)], added) });
}
