/** Triangular filters on the mel scale. */
import { OptionError } from "../engine/errors.ts";
import { exp, log } from "../engine/math.ts";
import { checkName, checkWhole } from "./checks.ts";

/** From Hertz to mel and back. */
interface Scale {
  toMel(hertz: number): number;
  toHertz(mel: number): number;
}

/** Slaney's scale: linear below 1000 Hz (15 mel), then 27 mel per factor of 6.4. */
const SLANEY_LINEAR_HZ = 200 / 3;
const SLANEY_KNEE_HZ = 1000;
const SLANEY_KNEE_MEL = 15;
const SLANEY_STEP = log(6.4) / 27;

const SCALES = {
  /** 1127 ln(1 + f / 700): HTK, Kaldi, torchaudio. */
  htk: {
    toMel: (hertz) => 1127 * log(1 + hertz / 700),
    toHertz: (mel) => 700 * (exp(mel / 1127) - 1),
  },
  /** That of the Auditory Toolbox and librosa. */
  slaney: {
    toMel: (hertz) =>
      hertz < SLANEY_KNEE_HZ
        ? hertz / SLANEY_LINEAR_HZ
        : SLANEY_KNEE_MEL + log(hertz / SLANEY_KNEE_HZ) / SLANEY_STEP,
    toHertz: (mel) =>
      mel < SLANEY_KNEE_MEL
        ? mel * SLANEY_LINEAR_HZ
        : SLANEY_KNEE_HZ * exp(SLANEY_STEP * (mel - SLANEY_KNEE_MEL)),
  },
} as const satisfies Record<string, Scale>;

const MOST_BANDS = 65536;

export type MelScale = keyof typeof SCALES;

export interface MelFilters {
  /** First bin and number of bins, per filter. */
  readonly spans: Int32Array;
  /** Of all filters, one after the other. */
  readonly weights: Float64Array;
}

export interface MelOptions {
  readonly bands: number;
  readonly fftSize: number;
  readonly sampleRate: number;
  readonly lowHz: number;
  readonly highHz: number;
  readonly scale: MelScale;
  /** Whether the sides of a triangle are straight on the mel scale (Kaldi) or in Hertz (librosa, torchaudio). */
  readonly straightIn: "mel" | "hertz";
  /** `"area"`: each triangle divided by its half width in Hertz (librosa's "slaney" norm). */
  readonly norm: "none" | "area";
}

/**
 * The filters: `bands` triangles, whose corners are evenly spaced in mel from `lowHz` to `highHz`.
 *
 * @throws {OptionError} if an option is out of range
 */
export function melFilters(options: MelOptions): MelFilters {
  checkMelOptions(options);
  const { bands, fftSize, sampleRate, lowHz, highHz, straightIn, norm } = options;
  const scale: Scale = SCALES[options.scale];
  const [low, high] = [scale.toMel(lowHz), scale.toMel(highHz)];
  const step = (high - low) / (bands + 1);
  const inMel = straightIn === "mel";
  const corners = Array.from({ length: bands + 2 }, (_, i) => low + i * step);
  const hertz = corners.map((mel) => scale.toHertz(mel));
  const places = inMel ? corners : hertz;
  const bins = Math.floor(fftSize / 2) + 1;
  const binPlaces = Float64Array.from({ length: bins }, (_, k) => {
    const f = (k * sampleRate) / fftSize;
    return inMel ? scale.toMel(f) : f;
  });
  const spans = new Int32Array(2 * bands);
  const weights: number[] = [];
  for (let band = 0; band < bands; band++) {
    const [left, centre, right] = places.slice(band, band + 3) as [number, number, number];
    const width = (hertz[band + 2] as number) - (hertz[band] as number);
    const height = norm === "area" ? 2 / width : 1;
    let first = 0;
    while (first < bins && (binPlaces[first] as number) <= left) first++;
    let end = first;
    while (end < bins && (binPlaces[end] as number) < right) {
      const at = binPlaces[end] as number;
      const side = at <= centre ? (at - left) / (centre - left) : (right - at) / (right - centre);
      weights.push(side * height);
      end++;
    }
    spans[2 * band] = first;
    spans[2 * band + 1] = end - first;
  }
  return { spans, weights: Float64Array.from(weights) };
}

function checkMelOptions({ bands, sampleRate, lowHz, highHz, scale, norm }: MelOptions): void {
  checkName("mel", "scale", scale, Object.keys(SCALES));
  checkName("mel", "norm", norm, ["none", "area"]);
  checkWhole("mel", "bands", bands, 1, MOST_BANDS);
  if (!(lowHz >= 0 && lowHz < highHz && highHz <= sampleRate / 2)) {
    throw new OptionError(
      `mel: Cannot place the bands: expected 0 <= lowHz < highHz <= ${sampleRate / 2}, got ${lowHz} and ${highHz}`,
    );
  }
}
