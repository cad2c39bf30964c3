import { exp, log } from "../engine/math.ts";
import { checkName } from "./checks.ts";
import { rootsOfUnity } from "./roots.ts";

/** Kaldi's power of the Hann window. */
const POVEY_POWER = 0.85;

/** Window functions of the cosine c of 2 pi times the place in the window. */
const WINDOWS = {
  /** Kaldi's own: Hann to the power of 0.85. */
  povey: (c: number) => (c === 1 ? 0 : exp(POVEY_POWER * log(0.5 - 0.5 * c))),
  hann: (c: number) => 0.5 - 0.5 * c,
  hamming: (c: number) => 0.54 - 0.46 * c,
  /** 0.42 - 0.5 cos x + 0.08 cos 2x. */
  blackman: (c: number) => 0.42 - 0.5 * c + 0.08 * (2 * c * c - 1),
  rectangular: () => 1,
} as const;

export type WindowName = keyof typeof WINDOWS;

/**
 * The weights of a window.
 *
 * @param isPeriodic - the window of a longer, endless signal (SciPy's and librosa's for spectra), not symmetric (Kaldi's)
 * @throws {OptionError} if there is no such window
 */
export function windowWeights(name: WindowName, length: number, isPeriodic: boolean): Float64Array {
  checkName("window", "window", name, Object.keys(WINDOWS));
  const period = isPeriodic ? length : length - 1;
  if (period === 0) return Float64Array.of(1);
  const cosines = rootsOfUnity(period);
  // The last weight of a symmetric window is the first once more.
  return Float64Array.from({ length }, (_, i) =>
    WINDOWS[name](cosines[2 * (i % period)] as number),
  );
}
