/** Sounds in memory: one channel, as decoders give them. */
import { refuseFile } from "./broken-file.ts";

/** Most samples of a file over all channels: an hour of stereo at 48 kHz. */
export const MAX_SAMPLES = 345_600_000;

export interface Sound {
  /** Hertz. */
  readonly sampleRate: number;
  /** Mean of the channels, in [-1, 1]. */
  readonly samples: Float32Array;
}

/** @throws {DataFormatError} if there is no sample, or one that is not finite */
export function checkSound(sound: Sound, where: string): Sound {
  if (sound.samples.length === 0) refuseFile(where, "at least one sample", "none");
  for (const sample of sound.samples) {
    if (!Number.isFinite(sample)) refuseFile(where, "finite samples", `${sample}`);
  }
  return sound;
}
