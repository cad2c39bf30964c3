/**
 * Augmentation of spectra, and their fit to a network's input.
 *
 * Source: SpecAugment (Park et al., Interspeech 2019): masks over bands and over frames; noise and roll as MLA's authors.
 */
import { DataError } from "../engine/errors.ts";
import type { Random } from "../random.ts";
import { checkNumber, checkWhole } from "./checks.ts";
import type { Spectra } from "./frames.ts";

export interface MaskOptions {
  /** Widest mask over neighbouring bands; default 0: none. */
  bands?: number;
  /** Longest mask over neighbouring frames; default 0: none. */
  frames?: number;
  /** Masks of each kind; default 1. */
  count?: number;
  /** What stands in a mask; default 0. */
  fill?: number;
}

/** The masks of MLA's transformer path, for 128 bands and 1024 frames. */
export const PAPER_MASKS = { bands: 48, frames: 192 } as const satisfies MaskOptions;

/** The scale of MLA's transformer path, for {@link standardise}. */
export const PAPER_SPECTRA_SCALE = { mean: -5.081, deviation: 4.4849 } as const;

/** Frames of MLA's transformer path, for {@link fitFrames}. */
export const PAPER_FRAMES = 1024;

const MOST_MASKS = 1000;

/**
 * The spectra with random bands and frames masked. A mask's width is drawn evenly from 0 to the widest, then its place.
 *
 * @param random - such as `new Random(seed, "sample 17, epoch 3")`: the same stream, the same masks on every machine
 * @throws {DataError} if a mask could be wider than the spectra
 * @throws {OptionError} if an option is out of range
 */
export function maskSpectra(
  { values, shape }: Spectra,
  random: Random,
  options: MaskOptions,
): Spectra {
  const { bands = 0, frames = 0, count = 1, fill = 0 } = options;
  const [length, width] = shape;
  checkWhole("mask", "count", count, 0, MOST_MASKS);
  checkMask("bands", bands, width);
  checkMask("frames", frames, length);
  const out = values.slice();
  for (let i = 0; i < count; i++) {
    const [firstBand, bandCount] = drawSpan(random, bands, width);
    for (let frame = 0; frame < length && bandCount > 0; frame++) {
      const at = frame * width + firstBand;
      out.fill(fill, at, at + bandCount);
    }
    const [firstFrame, frameCount] = drawSpan(random, frames, length);
    out.fill(fill, firstFrame * width, (firstFrame + frameCount) * width);
  }
  return { values: out, shape };
}

function checkMask(option: string, widest: number, size: number): void {
  checkWhole("mask", option, widest, 0, 2 ** 31);
  if (widest <= size) return;
  throw new DataError(
    `mask: Cannot mask ${option}: expected at least ${widest} of them, got ${size}`,
  );
}

function drawSpan(random: Random, widest: number, size: number): [first: number, count: number] {
  const count = random.int(widest + 1);
  return [random.int(size - count + 1), count];
}

/**
 * The spectra plus noise, even in [0, f) for each number, where f is even in [0, most) for all.
 *
 * @throws {OptionError} if `most` is below 0
 */
export function addSpectraNoise({ values, shape }: Spectra, random: Random, most = 0.1): Spectra {
  checkNumber("noise", "most", most, 0, Number.MAX_VALUE);
  const factor = most * random.float();
  return { values: values.map((x) => x + factor * random.float()), shape };
}

/** The spectra `by` frames later (below 0: earlier); what leaves at one end comes back at the other. */
export function rollSpectra({ values, shape }: Spectra, by: number): Spectra {
  const [frames, width] = shape;
  checkWhole("roll", "by", by, -(2 ** 31), 2 ** 31);
  const cut = (((-by % frames) + frames) % frames) * width;
  const out = new Float32Array(values.length);
  out.set(values.subarray(cut));
  out.set(values.subarray(0, cut), values.length - cut);
  return { values: out, shape };
}

/** The first `frames` frames, with frames of zeros behind them if there are fewer. @throws {OptionError} if `frames` is none */
export function fitFrames({ values, shape }: Spectra, frames: number): Spectra {
  checkWhole("fit", "frames", frames, 1, 2 ** 24);
  const out = new Float32Array(frames * shape[1]);
  out.set(values.subarray(0, out.length));
  return { values: out, shape: [frames, shape[1]] };
}

/** (value - mean) / deviation. @throws {OptionError} if the deviation is not above 0 */
export function standardise(
  { values, shape }: Spectra,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
): Spectra {
  checkNumber("standardise", "mean", mean, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkNumber("standardise", "deviation", deviation, Number.MIN_VALUE, Number.MAX_VALUE);
  return { values: values.map((x) => (x - mean) / deviation), shape };
}
