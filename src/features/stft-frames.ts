import { DataError } from "../engine/errors.ts";
import { checkName, checkWhole } from "./checks.ts";
import type { Features } from "./features.ts";
import { type FramePlan, type Spectra, sweepFrames } from "./frames.ts";
import { checkWaveform } from "./waveform.ts";
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

/** Bins of a transform. @throws {OptionError} if there can be none of this size */
export function binsOf({ fftSize }: StftOptions): number {
  checkWhole("spectrogram", "fftSize", fftSize, 2, 2 ** 24);
  return (fftSize >> 1) + 1;
}

/** The frames of a signal, and of each what `plan` makes of its spectrum. @throws {OptionError} if an option is out of range */
export function sweepStft(
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
