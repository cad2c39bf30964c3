/** Sound as numbers, from a microphone or made. */
import type { Sound } from "../lab/protocol.ts";

export interface Waveform {
  /** In [-1, 1]. */
  readonly samples: Float32Array;
  /** Hertz. */
  readonly rate: number;
}

/** Good enough to recognise what was recorded, at a fraction of the size. */
const PLAYED_RATE = 16000;
const LARGEST = 32767;

/** For playing: means of neighbours, so many that about {@link PLAYED_RATE} are left per second. */
export function toPlay({ samples, rate }: Waveform): Sound {
  const step = Math.max(1, Math.floor(rate / PLAYED_RATE));
  const played = new Int16Array(Math.floor(samples.length / step));
  for (let i = 0; i < played.length; i++) {
    let sum = 0;
    for (let j = 0; j < step; j++) sum += samples[i * step + j] as number;
    played[i] = Math.round((LARGEST * sum) / step);
  }
  return { samples: played, rate: rate / step };
}

/** Root mean square. */
export function loudness({ samples }: Waveform): number {
  let squares = 0;
  for (const x of samples) squares += x * x;
  return Math.sqrt(squares / Math.max(1, samples.length));
}
