/** Checks and small changes of waveforms: mono, f32, any scale (decoders give [-1, 1]). */
import { DataError, OptionError } from "../engine/errors.ts";

/**
 * @throws {DataError} if there is no sample, or one is no finite number
 */
export function checkWaveform(where: string, waveform: Float32Array): void {
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
