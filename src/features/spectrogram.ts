import { DataError } from "../engine/errors.ts";
import { log as naturalLog } from "../engine/math.ts";
import { checkName, checkNumber, checkWhole } from "./checks.ts";
import type { Features } from "./features.ts";
import { type FramePlan, type LogOf, type Spectra, sweepFrames } from "./frames.ts";
import { type MelScale, melFilters } from "./mel.ts";
import { FRAME_COMPLEX, FRAME_MAGNITUDE } from "./spectrum-flags.ts";
import { checkSampleRate, checkWaveform } from "./waveform.ts";
import { type WindowName, windowWeights } from "./windows.ts";

/** How a signal is cut up for a short-time Fourier transform; the defaults are librosa's but for `pad`. */
export interface StftOptions {
  /** Samples per transform. Sizes whose prime factors are small are fast. */
  fftSize: number;
  /** Samples from one frame to the next; default a quarter of the window. */
  hop?: number;
  /** At most `fftSize`, in whose middle the window stands; default `fftSize`. */
  windowLength?: number;
  /** Default `"hann"`; periodic. */
  window?: WindowName;
  /** Whether frame i is centred on sample `i * hop`, the ends padded (default), or begins there, whole frames only. */
  centre?: boolean;
  /** What stands beyond the ends: the signal mirrored at its edge samples (default), or zeros. */
  pad?: "reflect" | "zero";
}

export interface SpectrogramOptions extends StftOptions {
  /** Default `"magnitude"`; for `melSpectrogram` `"power"`. */
  spectrum?: "magnitude" | "power";
  /** Logarithm of the values; default none. */
  log?: LogOptions;
}

/** value -> log(max(value, floor) + offset). */
export interface LogOptions {
  /** Default 0. */
  offset?: number;
  /** Default 0. */
  floor?: number;
  /** Natural (default), or decibels: 10 log10 of a power, 20 log10 of a magnitude. */
  unit?: "natural" | "decibel";
}

export interface MelSpectrogramOptions extends SpectrogramOptions {
  /** Hertz. */
  sampleRate: number;
  /** Default 128. */
  bands?: number;
  /** Default 0. */
  lowHz?: number;
  /** Default half the sample rate. */
  highHz?: number;
  /** Default `"slaney"`. */
  scale?: MelScale;
  /** `"area"` (default): filters of equal area, librosa's "slaney" norm. */
  norm?: "none" | "area";
}

/** The settings of MLA's ResNet path, for 16 kHz: 129 bins, and 626 frames of 5 s. */
export const PAPER_SPECTROGRAM = {
  fftSize: 256,
  hop: 128,
  log: { offset: 1e-7 },
} as const satisfies SpectrogramOptions;

/**
 * Short-time Fourier transform.
 *
 * @returns [frames, fftSize / 2 + 1, 2]: real and imaginary parts, time first (librosa's transposed)
 * @throws {DataError} if the waveform is empty, too short for one frame or for the padding, or not finite
 * @throws {OptionError} if an option is out of range
 */
export function stft(
  features: Features,
  waveform: Float32Array,
  options: StftOptions,
): { values: Float32Array; shape: readonly [frames: number, bins: number, parts: 2] } {
  const bins = binsOf(options);
  const plan = { flags: FRAME_COMPLEX, width: 2 * bins };
  const { values, shape } = framed("stft", features, waveform, options, plan);
  return { values, shape: [shape[0], bins, 2] };
}

/**
 * Magnitudes or powers of the short-time Fourier transform, or their logarithm.
 *
 * The transform is taken in float64 and rounded to float32 once.
 *
 * @returns [frames, fftSize / 2 + 1], time first (librosa's transposed)
 * @throws {DataError} if the waveform is empty, too short for one frame or for the padding, or not finite
 * @throws {OptionError} if an option is out of range
 */
export function spectrogram(
  features: Features,
  waveform: Float32Array,
  options: SpectrogramOptions,
): Spectra {
  return framed("spectrogram", features, waveform, options, {
    ...valuesOf(options, "magnitude"),
    width: binsOf(options),
  });
}

/**
 * A spectrogram through triangular mel filters: librosa's `feature.melspectrogram` by default; torchaudio's
 * `MelSpectrogram` with scale `"htk"` and norm `"none"`.
 *
 * @returns [frames, bands], time first (librosa's transposed)
 * @throws {DataError} if the waveform is empty, too short for one frame or for the padding, or not finite
 * @throws {OptionError} if an option is out of range
 */
export function melSpectrogram(
  features: Features,
  waveform: Float32Array,
  options: MelSpectrogramOptions,
): Spectra {
  const { bands = 128, sampleRate, lowHz = 0, scale = "slaney", norm = "area", fftSize } = options;
  checkSampleRate("spectrogram", sampleRate);
  binsOf(options);
  const { highHz = sampleRate / 2 } = options;
  const mel = {
    ...{ bands, fftSize, sampleRate, lowHz, highHz, scale, norm },
    straightIn: "hertz",
  } as const;
  const filters = features.table(`mel/${JSON.stringify(mel)}`, () => melFilters(mel));
  return framed("spectrogram", features, waveform, options, {
    ...valuesOf(options, "power"),
    width: bands,
    filters,
  });
}

/** Bins of a transform. @throws {OptionError} if there can be none of this size */
function binsOf({ fftSize }: StftOptions): number {
  checkWhole("spectrogram", "fftSize", fftSize, 2, 2 ** 24);
  return (fftSize >> 1) + 1;
}

function valuesOf(
  { spectrum, log }: SpectrogramOptions,
  otherwise: "magnitude" | "power",
): { flags: number; log?: LogOf } {
  checkName("spectrogram", "spectrum", spectrum ?? otherwise, ["magnitude", "power"]);
  const isMagnitude = (spectrum ?? otherwise) === "magnitude";
  const flags = isMagnitude ? FRAME_MAGNITUDE : 0;
  if (log === undefined) return { flags };
  const { offset = 0, floor = 0, unit = "natural" } = log;
  checkNumber("spectrogram", "offset", offset, 0, 1);
  checkNumber("spectrogram", "floor", floor, 0, 1);
  checkName("spectrogram", "unit", unit, ["natural", "decibel"]);
  const scale = unit === "natural" ? 1 : (isMagnitude ? 20 : 10) / naturalLog(10);
  return { flags, log: { offset, floor, scale } };
}

function framed(
  where: string,
  features: Features,
  waveform: Float32Array,
  options: StftOptions,
  plan: Pick<FramePlan, "flags" | "width" | "filters" | "log">,
): Spectra {
  const { fftSize, windowLength = fftSize, window: name = "hann", centre = true } = options;
  const { hop = Math.max(1, windowLength >> 2), pad = "reflect" } = options;
  checkWhole("spectrogram", "windowLength", windowLength, 1, fftSize);
  checkWhole("spectrogram", "hop", hop, 1, 2 ** 24);
  const window = features.table(`centred/${name}/${windowLength}/${fftSize}`, () =>
    centred(windowWeights(name, windowLength, true), fftSize),
  );
  checkWaveform(where, waveform);
  const samples = centre ? padEnds(where, waveform, fftSize >> 1, pad) : waveform;
  const frames = Math.floor((samples.length - fftSize) / hop) + 1;
  if (frames < 1) {
    throw new DataError(
      `${where}: Cannot fill a frame: expected at least ${fftSize} samples, got ${samples.length}`,
    );
  }
  const values = sweepFrames(features, samples, frames, {
    ...plan,
    ...{ hop, fftSize, window, preemphasis: 0 },
  });
  return { values, shape: [frames, plan.width] };
}

/** The window in the middle of `length` zeros. */
function centred(window: Float64Array, length: number): Float64Array {
  const out = new Float64Array(length);
  out.set(window, (length - window.length) >> 1);
  return out;
}

const PADS = ["reflect", "zero"] as const;

function padEnds(
  where: string,
  waveform: Float32Array,
  by: number,
  pad: (typeof PADS)[number],
): Float32Array {
  checkName(where, "padding", pad, PADS);
  const n = waveform.length;
  const out = new Float32Array(n + 2 * by);
  out.set(waveform, by);
  if (pad === "zero") return out;
  if (n <= by) {
    throw new DataError(
      `${where}: Cannot mirror the ends: expected more than ${by} samples, got ${n}; pad with zeros`,
    );
  }
  for (let i = 1; i <= by; i++) {
    out[by - i] = waveform[i] as number;
    out[by + n - 1 + i] = waveform[n - 1 - i] as number;
  }
  return out;
}
