/** Files by the decoders of Chromium and by those of Node. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import { type StaticServer, serveStatic } from "../../scripts/browser/serve.ts";
import * as features from "../../src/features/index.ts";
import * as decode from "../../src/node/decode/index.ts";
import { encodePng } from "../../src/node/png.ts";
import { RED_JPEG, RED_WEBP, rawPng, tone, type WavDepth, wavFile } from "../support/files.ts";
import { type Decoded, decodeFiles, featuresOf } from "./decode-job.mjs";

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const DEPTHS: readonly WavDepth[] = [8, 16, 24, 32, "32f"];

/** Every colour value under every opacity. */
const opacities = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => {
  const [x, y] = [(i >> 2) & 255, i >> 10];
  return [x, 255 - x, (x * 7) & 255, y][i & 3] as number;
});
/** A segment that says: turn it by 90 degrees. */
const EXIF = Buffer.from("/+EAIkV4aWYAAE1NACoAAAAIAAEBEgADAAAAAQAGAAAAAAAA", "base64");
const palette = [10, 20, 30, 1, 2, 3, 70, 80, 90];

/** A WAV in mu-law, which says its rate. */
function packed(rate: number): Uint8Array {
  const file = Buffer.from(wavFile([0, 0.5, 0.25], { depth: 8, rate }));
  file.writeUInt16LE(7, 20);
  return file;
}

const FILES: Readonly<Record<string, Uint8Array>> = {
  "opacity.png": encodePng(opacities, [256, 256, 4]),
  "grey.png": encodePng(opacities.subarray(0, 1024), [32, 32, 1]),
  "palette.png": rawPng([3, 1, 8, 3], [0, 0, 1, 2], palette),
  "one-bit.png": rawPng([3, 2, 1, 0], [0, 0b0101_0000, 0, 0b1010_0000]),
  "deep.png": rawPng([3, 1, 16, 0], [0, 0, 255, 255, 128, 1, 1]),
  "lossless.webp": RED_WEBP,
  "red.jpg": RED_JPEG,
  "turned.jpg": Buffer.concat([RED_JPEG.subarray(0, 2), EXIF, RED_JPEG.subarray(2)]),
  ...Object.fromEntries(
    DEPTHS.map((depth) => {
      const samples = tone(440, 0.25).map((sample, i) => (i % 2 === 0 ? sample : sample / 3));
      return [`stereo-${depth}.wav`, wavFile(samples, { depth, channels: 2, rate: 22050 })];
    }),
  ),
  "half.jpg": RED_JPEG.subarray(0, RED_JPEG.length - 30),
  "half.png": encodePng(opacities, [256, 256, 4]).subarray(0, 500),
  "half.webp": RED_WEBP.subarray(0, 30),
  "text.png": Buffer.from("no picture"),
  "text.ogg": Buffer.from("no sound"),
  "half.wav": wavFile([0, 0.5, 0.25]).subarray(0, 48),
  "packed.wav": packed(8000),
  "slow.wav": packed(10),
};
/** Made by ffmpeg from a moving pattern and a tone. */
const MADE = ["pattern.jpg", "pattern.webp", "tone.ogg", "tone.mp3", "tone.flac"];

let folder: string;
let server: StaticServer;
let browser: Browser;
let page: Page;
let inNode: Record<string, Decoded | string>;
let inBrowser: Record<string, Decoded | string>;

const read = async (name: string) => new Blob([await readFile(join(folder, name))]);
const RUN = (body: string) => `(async () => {
  const decode = await import("/dist/decode/index.js");
  const features = await import("/dist/features/index.js");
  const { decodeFiles, featuresOf } = await import("/tests/decode-job.mjs");
  const read = async (name) => (await fetch("/files/" + name)).blob();
  ${body}
})()`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "altermodal-decode-"));
  for (const [name, bytes] of Object.entries(FILES)) await writeFile(join(folder, name), bytes);
  const sources = ["-f", "lavfi", "-i"];
  const names = [...Object.keys(FILES), ...(hasFfmpeg ? MADE : [])];
  for (const name of hasFfmpeg ? MADE : []) {
    const source = name.startsWith("tone") ? "sine=440:d=0.5:r=16000" : "testsrc2=size=97x61:d=1";
    const end = name.startsWith("tone") ? [] : ["-frames:v", "1"];
    const made = ["-v", "error", ...sources, source, ...end, join(folder, name)];
    expect(spawnSync("ffmpeg", made).status, name).toBe(0);
  }
  server = await serveStatic({
    folders: { "/dist/": "dist", "/tests/": "tests/browser", "/files/": folder },
    pages: { "/index.html": "<!doctype html><title>test</title>" },
  });
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`${server.url}/`);
  inNode = await decodeFiles(decode, names, read);
  inBrowser = (await page.evaluate(
    RUN(`return decodeFiles(decode, ${JSON.stringify(names)}, read);`),
  )) as typeof inNode;
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Largest difference of two files' values, over as many as both have. */
function difference(name: string): number {
  const [a, b] = [inNode[name] as Decoded, inBrowser[name] as Decoded];
  expect(b.shape, `${name}: ${JSON.stringify(b).slice(0, 200)}`).toEqual(a.shape);
  const length = Math.min(a.values.length, b.values.length);
  expect(Math.max(a.values.length, b.values.length) - length).toBeLessThan(0.2 * length);
  let most = 0;
  for (let i = 0; i < length; i++) {
    most = Math.max(most, Math.abs((a.values[i] as number) - (b.values[i] as number)));
  }
  return most;
}

describe("altermodal/decode in Chromium", () => {
  it.each(["opacity.png", "grey.png", "palette.png", "one-bit.png", "lossless.webp"])(
    "gives the bytes of Node for %s",
    (name) => expect(inBrowser[name]).toEqual(inNode[name]),
  );

  it("gives those of JPEG within 2 of 255, of 16 bits within 1, and turns nothing", () => {
    expect(difference("red.jpg")).toBeLessThanOrEqual(2);
    expect(difference("turned.jpg")).toBeLessThanOrEqual(2);
    expect(difference("deep.png")).toBeLessThanOrEqual(1);
  });

  it.each(DEPTHS)("gives the samples of Node for a WAV of %s bits", (depth) => {
    const name = `stereo-${depth}.wav`;
    expect(inBrowser[name]).toEqual(inNode[name]);
  });

  it("gives those of a compressed WAV within 1e-4", () => {
    expect(difference("packed.wav")).toBeLessThanOrEqual(1e-4);
  });

  it("leads to the same features", async () => {
    const wanted = await featuresOf(decode, features, read);
    expect(await page.evaluate(RUN("return featuresOf(decode, features, read);"))).toBe(wanted);
  });

  it.skipIf(!hasFfmpeg).each([
    ["pattern.jpg", 2],
    ["pattern.webp", 2],
    ["tone.flac", 1e-4],
    ["tone.ogg", 1e-3],
    ["tone.mp3", 1e-3],
  ])("gives what Node gives for %s within %s (skipped without ffmpeg)", (name, tolerance) => {
    expect(difference(name)).toBeLessThanOrEqual(tolerance);
  });

  it.each([
    ["half.jpg", "ERR_DATA_FORMAT: half.jpg: Cannot decode the file: expected a whole jpeg"],
    ["half.png", "ERR_DATA_FORMAT: half.png: Cannot decode the file: expected a whole png file"],
    ["half.webp", "ERR_DATA_FORMAT: half.webp: Cannot decode the file: expected a whole webp"],
    ["text.png", "ERR_DATA_FORMAT: text.png: Cannot decode the file: expected a PNG, JPEG or WebP"],
    ["text.ogg", "ERR_DATA_FORMAT: text.ogg: Cannot decode the file: expected a whole file"],
    ["half.wav", "ERR_DATA_FORMAT: half.wav: Cannot decode the file: expected at most 4 bytes"],
    ["slow.wav", "ERR_UNSUPPORTED: slow.wav: Cannot decode a sound at this rate"],
  ])("refuses %s", (name, message) => {
    expect(inBrowser[name]).toEqual(expect.stringContaining(message));
  });

  it("decodes pictures and WAV in a worker, and says where other sounds can be", async () => {
    const script = `import { decodePicture, decodeSound, decodeWav } from "${server.url}/dist/decode/index.js";
      const read = async (name) => (await fetch("${server.url}/files/" + name)).blob();
      const { width, height } = await decodePicture(await read("red.jpg"));
      const { samples } = await decodeWav(await read("stereo-16.wav"));
      const error = await decodeSound(await read("stereo-16.wav"), 16000).catch((error) => error);
      postMessage([width, height, samples.length, error.code, error.message]);`;
    const result = await page.evaluate(`new Promise((resolve, reject) => {
      const url = URL.createObjectURL(new Blob([${JSON.stringify(script)}], { type: "text/javascript" }));
      const worker = new Worker(url, { type: "module" });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })`);
    const message = expect.stringContaining("decode it in a page and send the samples");
    expect(result).toEqual([8, 6, 1000, "ERR_UNSUPPORTED", message]);
  });
});
