/** Checks and small changes of waveforms: mono, f32, any scale (decoders give [-1, 1]). */
import { DataError, OptionError, ShapeError } from "../engine/errors.ts";
import { checkKind, checkName, checkNumber, checkWhole } from "./checks.ts";

/**
 * @throws {DataError} if it is no Float32Array, there is no sample, or one is no finite number
 */
export function checkWaveform(where: string, waveform: Float32Array): void {
  checkKind(where, "waveform", waveform, ["Float32Array"]);
  if (waveform.length === 0) {
    throw new DataError(
      `${where}: Cannot use the waveform: expected at least one sample, got none`,
    );
  }
  // 0 times a number is 0 but for those that are not finite; one look at the end is enough.
  let sum = 0;
  for (let i = 0; i < waveform.length; i++) sum += 0 * (waveform[i] as number);
  if (sum === 0) return;
  const at = waveform.findIndex((x) => !Number.isFinite(x));
  throw new DataError(
    `${where}: Cannot use the waveform: expected finite numbers, got ${waveform[at]} at sample ${at}`,
  );
}

/** @throws {OptionError} if the rate is no positive number */
export function checkSampleRate(where: string, sampleRate: number): void {
  if (!(Number.isFinite(sampleRate) && sampleRate > 0)) {
    throw new OptionError(
      `${where}: Cannot use the sample rate: expected a number of Hertz > 0, got ${sampleRate}`,
    );
  }
}

const MOST_CHANNELS = 1024;

/**
 * The mean of the channels.
 *
 * @param samples - of all channels, interleaved
 * @throws {ShapeError} if the samples are no multiple of the channels
 * @throws {OptionError} if the number of channels is none
 */
export function toMono(samples: Float32Array, channels: number): Float32Array {
  checkKind("mono", "samples", samples, ["Float32Array"]);
  checkWhole("mono", "channels", channels, 1, MOST_CHANNELS);
  if (samples.length % channels !== 0) {
    throw new ShapeError(
      `mono: Cannot part the channels: expected a multiple of ${channels} samples, got ${samples.length}`,
    );
  }
  const out = new Float32Array(samples.length / channels);
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += samples[at++] as number;
    out[i] = sum / channels;
  }
  return out;
}

export interface NormaliseWaveformOptions {
  /** Subtract the mean; default true. */
  removeMean?: boolean;
  /** What becomes 1: nothing (default), the greatest amplitude, or the standard deviation. Silence stays as it is. */
  scale?: "none" | "peak" | "deviation";
}

/**
 * The waveform on a common scale.
 *
 * @throws {DataError} if the waveform is empty or not finite
 * @throws {OptionError} if there is no such scale
 */
export function normaliseWaveform(
  waveform: Float32Array,
  { removeMean = true, scale = "none" }: NormaliseWaveformOptions = {},
): Float32Array {
  checkName("normalise", "scale", scale, ["none", "peak", "deviation"]);
  checkWaveform("normalise", waveform);
  const n = waveform.length;
  let sum = 0;
  for (const x of waveform) sum += x;
  const mean = removeMean ? sum / n : 0;
  let [peak, squares] = [0, 0];
  for (const x of waveform) {
    peak = Math.max(peak, Math.abs(x - mean));
    squares += (x - sum / n) * (x - sum / n);
  }
  const size = scale === "peak" ? peak : scale === "deviation" ? Math.sqrt(squares / n) : 1;
  const divisor = size > 0 ? size : 1;
  return waveform.map((x) => (x - mean) / divisor);
}

/** The waveform with amplitudes beyond `limit` cut off. @throws {OptionError} if the limit is not above 0 */
export function clipWaveform(waveform: Float32Array, limit = 1): Float32Array {
  checkNumber("clip", "limit", limit, Number.MIN_VALUE, Number.MAX_VALUE);
  return waveform.map((x) => Math.max(-limit, Math.min(limit, x)));
}

/**
 * The waveform from sample `start` on, repeated as often as it takes: `length` samples.
 *
 * @throws {DataError} if the waveform is empty or not finite
 * @throws {OptionError} if start or length are out of range
 */
export function tileWaveform(waveform: Float32Array, length: number, start = 0): Float32Array {
  checkWhole("tile", "length", length, 1, 2 ** 31);
  checkWhole("tile", "start", start, 0, Number.MAX_SAFE_INTEGER);
  checkWaveform("tile", waveform);
  const out = new Float32Array(length);
  let from = start % waveform.length;
  for (let at = 0; at < length; from = 0) {
    const part = waveform.subarray(from, from + length - at);
    out.set(part, at);
    at += part.length;
  }
  return out;
}
