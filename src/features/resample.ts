import { OptionError } from "../engine/errors.ts";
import { checkNumber, checkWhole } from "./checks.ts";
import type { Features } from "./features.ts";
import { sinHalfTurns } from "./roots.ts";
import { checkWaveform } from "./waveform.ts";

export interface ResampleOptions {
  /** Hertz, whole numbers: of the waveform and of the result. */
  from: number;
  to: number;
  /** Zero crossings of the filter on each side: more are sharper and slower; default 6. */
  crossings?: number;
  /** Where the filter begins to close, as a share of the lower rate's highest frequency; default 0.99. */
  rolloff?: number;
}

interface Phases {
  readonly firsts: Int32Array;
  /** [up, taps]. */
  readonly weights: Float32Array;
  readonly taps: number;
}

const MOST_HERTZ = 10_000_000;
/** 128 MiB of weights: only rates without a common divisor, such as 44101 to 9999991, have more. */
const MOST_WEIGHTS = 2 ** 25;
/** Samples per block: bounds memory. */
const BLOCK = 2 ** 18;

/**
 * The waveform at another sample rate, by a band-limited filter: a sinc under a squared-cosine window, as torchaudio's
 * `resample` by default. What the new rate cannot hold is filtered out.
 *
 * @returns ceil(length * to / from) samples; beyond its ends the signal counts as silence
 * @throws {DataError} if the waveform is empty or not finite
 * @throws {OptionError} if an option is out of range
 */
export function resample(
  features: Features,
  waveform: Float32Array,
  options: ResampleOptions,
): Float32Array {
  const { from, to, crossings = 6, rolloff = 0.99 } = options;
  checkWhole("resample", "from", from, 1, MOST_HERTZ);
  checkWhole("resample", "to", to, 1, MOST_HERTZ);
  checkWhole("resample", "crossings", crossings, 1, 1024);
  checkNumber("resample", "rolloff", rolloff, 0.01, 1);
  checkWaveform("resample", waveform);
  const divisor = greatestCommonDivisor(from, to);
  const [down, up] = [from / divisor, to / divisor];
  if (up === down) return waveform.slice();
  const reach = reachOf(down, up, crossings, rolloff);
  const phases = features.table(`resample/${down}/${up}/${crossings}/${rolloff}`, () =>
    buildPhases(down, up, crossings, rolloff),
  );
  const out = new Float32Array(Math.ceil((waveform.length * up) / down));
  const periods = Math.max(1, Math.floor(BLOCK / Math.max(up, down)));
  for (let start = 0, at = 0; at < out.length; start += periods * down, at += periods * up) {
    const count = Math.min(periods * up, out.length - at);
    const samples = new Float32Array(periods * down + 2 * reach + phases.taps);
    const first = Math.max(0, start - reach);
    samples.set(waveform.subarray(first, start - reach + samples.length), first - (start - reach));
    features.begin();
    const to = features.room(count * 4);
    features.core.f32_resample(
      to,
      features.put(samples),
      count,
      up,
      down,
      features.put(phases.firsts),
      features.put(phases.weights),
      phases.taps,
    );
    out.set(features.floats(to, count), at);
  }
  return out;
}

/** Samples before and behind a place that its result is made of. */
function reachOf(down: number, up: number, crossings: number, rolloff: number): number {
  return Math.ceil((crossings * down) / (Math.min(down, up) * rolloff));
}

/** The filter's values for each place between two samples that a result can have. */
function buildPhases(down: number, up: number, crossings: number, rolloff: number): Phases {
  const cutoff = Math.min(down, up) * rolloff;
  const reach = reachOf(down, up, crossings, rolloff);
  const taps = 2 * reach + 1;
  if (up * taps > MOST_WEIGHTS) {
    throw new OptionError(
      `resample: Cannot hold the filter: expected at most ${MOST_WEIGHTS} weights, got ${up * taps} for ${down} to ${up}; choose rates with a common divisor`,
    );
  }
  const firsts = new Int32Array(up);
  const weights = new Float32Array(up * taps);
  for (let phase = 0; phase < up; phase++) {
    const whole = Math.floor((phase * down) / up);
    firsts[phase] = whole;
    for (let k = 0; k < taps; k++) {
      // Distance in samples: whole + k - reach less the place phase * down / up, in whole numbers up to the division.
      const distance = ((whole + k - reach) * up - phase * down) / (up * down);
      const t = distance * cutoff;
      if (Math.abs(t) >= crossings) continue;
      const closing = sinHalfTurns(t / (2 * crossings) + 0.5);
      const sinc = t === 0 ? 1 : sinHalfTurns(t) / (Math.PI * t);
      weights[phase * taps + k] = (sinc * closing * closing * cutoff) / down;
    }
  }
  return { firsts, weights, taps };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
