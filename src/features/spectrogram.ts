import { log as naturalLog } from "../engine/math.ts";
import { checkName, checkNumber } from "./checks.ts";
import type { Features } from "./features.ts";
import type { LogOf, Spectra } from "./frames.ts";
import { type MelScale, melFilters } from "./mel.ts";
import { FRAME_COMPLEX, FRAME_MAGNITUDE } from "./spectrum-flags.ts";
import { binsOf, type StftOptions, sweepStft } from "./stft-frames.ts";
import { checkSampleRate } from "./waveform.ts";

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
  const { values, shape } = sweepStft("stft", features, waveform, options, plan);
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
  return sweepStft("spectrogram", features, waveform, options, {
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
  return sweepStft("spectrogram", features, waveform, options, {
    ...valuesOf(options, "power"),
    width: bands,
    filters,
  });
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
