import { DataError, OptionError } from "../engine/errors.ts";
import { checkName, checkNumber } from "./checks.ts";
import type { Features } from "./features.ts";
import { type Spectra, sweepFrames } from "./frames.ts";
import { melFilters } from "./mel.ts";
import { FRAME_MAGNITUDE, FRAME_REMOVE_MEAN } from "./spectrum-flags.ts";
import { checkSampleRate, checkWaveform } from "./waveform.ts";
import { type WindowName, windowWeights } from "./windows.ts";

/** Kaldi's options, by names of our own; the defaults are Kaldi's but for the dither, which is always 0. */
export interface FilterbankOptions {
  /** Hertz. */
  sampleRate: number;
  /** Default 25. */
  frameMs?: number;
  /** From one frame to the next; default 10. */
  hopMs?: number;
  /** Default `"povey"`; symmetric. */
  window?: WindowName;
  /** y[t] = x[t] - preemphasis x[t - 1], where a frame's first sample precedes itself; default 0.97. */
  preemphasis?: number;
  /** Subtract each frame's mean first; default true. */
  removeMean?: boolean;
  /** Pad frames with zeros to a power of two; default true. */
  powerOfTwo?: boolean;
  /** What the filters add up; default `"power"`. */
  spectrum?: "power" | "magnitude";
  /** Number of mel filters; default 23. */
  bands?: number;
  /** Default 20. */
  lowHz?: number;
  /** 0 or less: so much below half the sample rate; default 0. */
  highHz?: number;
  /** Energies below count as this one; default 2^-23. */
  floor?: number;
  /** Natural logarithm of the energies; default true. */
  log?: boolean;
  /** Only whole frames (default); otherwise one frame per hop, the ends mirrored. */
  snipEdges?: boolean;
}

/** The settings of MLA's transformer path: add `sampleRate`, subtract the waveform's mean first. */
export const PAPER_FILTERBANK = {
  window: "hann",
  bands: 128,
} as const satisfies Partial<FilterbankOptions>;

const SPECTRA = ["power", "magnitude"];
const LARGEST_F32 = 3.4028234663852886e38;

const DEFAULTS = {
  frameMs: 25,
  hopMs: 10,
  window: "povey",
  preemphasis: 0.97,
  removeMean: true,
  powerOfTwo: true,
  spectrum: "power",
  bands: 23,
  lowHz: 20,
  highHz: 0,
  floor: 1.1920928955078125e-7,
  log: true,
  snipEdges: true,
} as const satisfies Omit<FilterbankOptions, "sampleRate">;

/**
 * Kaldi-compatible log mel filterbank energies, one row per frame.
 *
 * The same values as Kaldi's `compute-fbank-feats --dither=0` (torchaudio's `compliance.kaldi.fbank`), but that the
 * transform is taken in float64: within 1e-4 of the formulas also in bands far below the loudest.
 *
 * @param waveform - mono samples on any scale; Kaldi's own is that of 16-bit integers
 * @throws {DataError} if the waveform is empty, too short for one frame, or not finite
 * @throws {OptionError} if an option is out of range
 */
export function logFilterbank(
  features: Features,
  waveform: Float32Array,
  options: FilterbankOptions,
): Spectra {
  const o = { ...DEFAULTS, ...options };
  checkSampleRate("filterbank", o.sampleRate);
  const length = samplesOf("frameMs", o.frameMs, o.sampleRate, 2);
  const hop = samplesOf("hopMs", o.hopMs, o.sampleRate, 1);
  checkNumber("filterbank", "preemphasis", o.preemphasis, 0, 1);
  checkNumber("filterbank", "floor", o.floor, 0, LARGEST_F32);
  checkName("filterbank", "spectrum", o.spectrum, SPECTRA);
  const fftSize = o.powerOfTwo ? 1 << (32 - Math.clz32(length - 1)) : length;
  const highHz = o.highHz > 0 ? o.highHz : o.sampleRate / 2 + o.highHz;
  const mel = {
    bands: o.bands,
    fftSize,
    sampleRate: o.sampleRate,
    lowHz: o.lowHz,
    highHz,
    scale: "htk",
    straightIn: "mel",
    norm: "none",
  } as const;
  const filters = features.table(`mel/${JSON.stringify(mel)}`, () => melFilters(mel));
  const window = features.table(`window/${o.window}/${length}`, () =>
    windowWeights(o.window, length, false),
  );
  checkWaveform("filterbank", waveform);
  const samples = o.snipEdges ? waveform : mirrorEnds(waveform, length, hop);
  const frames = o.snipEdges
    ? Math.floor((waveform.length - length) / hop) + 1
    : Math.floor((waveform.length + (hop >> 1)) / hop);
  if (frames < 1) {
    throw new DataError(
      `filterbank: Cannot fill a frame: expected at least ${o.snipEdges ? length : hop - (hop >> 1)} samples, got ${waveform.length}`,
    );
  }
  const values = sweepFrames(features, samples, frames, {
    hop,
    fftSize,
    window,
    preemphasis: o.preemphasis,
    flags:
      (o.removeMean ? FRAME_REMOVE_MEAN : 0) | (o.spectrum === "magnitude" ? FRAME_MAGNITUDE : 0),
    width: o.bands,
    filters,
    ...(o.log ? { log: { floor: o.floor, offset: 0, scale: 1 } } : {}),
  });
  return { values, shape: [frames, o.bands] };
}

/** Whole samples of a time, as Kaldi counts them. */
function samplesOf(option: string, ms: number, sampleRate: number, least: number): number {
  const samples = Math.floor(sampleRate * ms * 0.001);
  if (samples >= least && samples <= 2 ** 24) return samples;
  throw new OptionError(
    `filterbank: Cannot use ${option}: expected ${least} to ${2 ** 24} samples, got ${samples} (${ms} ms at ${sampleRate} Hz)`,
  );
}

/** The signal with its ends mirrored, edge samples twice, so that frame i is centred on sample (i + 1/2) hop. */
function mirrorEnds(waveform: Float32Array, length: number, hop: number): Float32Array {
  const n = waveform.length;
  const frames = Math.floor((n + (hop >> 1)) / hop);
  const before = (length >> 1) - (hop >> 1);
  const out = new Float32Array(Math.max(0, (frames - 1) * hop + length));
  for (let i = 0; i < out.length; i++) {
    // Mirrored as often as it takes: a short signal repeats.
    let at = (((i - before) % (2 * n)) + 2 * n) % (2 * n);
    if (at >= n) at = 2 * n - 1 - at;
    out[i] = waveform[at] as number;
  }
  return out;
}
