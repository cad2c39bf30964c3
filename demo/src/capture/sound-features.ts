/** From a waveform to what the model hears: log energies of a filterbank, the same at any sample rate. */
import { createFeatures, type Features, logFilterbank } from "altermodal/features";
import type { Waveform } from "./waveform.ts";

/** Length of a sound: what an analyser of 32,768 samples holds at 48 kHz. */
export const SECONDS = 0.64;
export const FRAMES = 31;
export const BANDS = 32;

/** Scale of 16-bit integers, Kaldi's own; then the log energies of rooms and voices lie within 14 ± 12. */
const INTEGER_SCALE = 32768;
const MIDDLE = 14;
const SPREAD = 5;

let loading: Promise<Features> | undefined;

/** [FRAMES, BANDS] of the first SECONDS of a sound. */
export async function soundFeatures({ samples, rate }: Waveform): Promise<Float32Array> {
  loading ??= createFeatures();
  const features = await loading;
  const whole = samples.subarray(0, Math.round(SECONDS * rate));
  const scaled = whole.map((x) => x * INTEGER_SCALE);
  const { values } = logFilterbank(features, scaled, {
    sampleRate: rate,
    frameMs: 32,
    hopMs: 20,
    bands: BANDS,
    highHz: 7600,
  });
  return Float32Array.from(values.subarray(0, FRAMES * BANDS), (x) =>
    Math.max(-3, Math.min(3, (x - MIDDLE) / SPREAD)),
  );
}
