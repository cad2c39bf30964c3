/** Sounds in memory through the program ffmpeg. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sound } from "../../decode/sound.ts";
import { type FileSource, readSource } from "../../decode/source.ts";
import { isWavAt } from "../../decode/wav-file.ts";
import { DataFormatError } from "../../engine/errors.ts";
import { checkSampleRate } from "../../features/waveform.ts";
import { decodeSoundFile } from "./ffmpeg.ts";
import { decodeWav } from "./wav.ts";

/**
 * The sound of a file in any format that ffmpeg reads (MP3, Ogg, FLAC, films, ...), one channel, at a rate of choice. A
 * WAV of that rate gives the samples of `decodeWav`, without ffmpeg.
 *
 * @param sampleRate - Hertz
 * @param where - the file, for messages
 * @throws {OptionError} if the rate is no positive number
 * @throws {DataFormatError} if ffmpeg cannot read it, or it has no sound
 * @throws {DataError} if the program is missing; `ALTERMODAL_FFMPEG` names it where it is not on the PATH
 */
export async function decodeSound(
  source: FileSource,
  sampleRate: number,
  where = "sound",
): Promise<Sound> {
  checkSampleRate(where, sampleRate);
  const bytes = await readSource(source, where);
  if (isWavAt(bytes, sampleRate, where)) return decodeWav(bytes, where);
  // A film may keep what its sound begins with at its end, so a stream does not do.
  const folder = await mkdtemp(join(tmpdir(), "altermodal-sound-"));
  const path = join(folder, "sound");
  try {
    await writeFile(path, bytes);
    return await decodeSoundFile(path, sampleRate);
  } catch (error) {
    if (!(error instanceof DataFormatError)) throw error;
    throw new DataFormatError(error.message.replaceAll(path, where));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
