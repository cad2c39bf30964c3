/** WAV files to samples, compressed ones (IMA ADPCM, A-law, mu-law) included. */
import { decodeOrRefuse } from "../../decode/broken-file.ts";
import { checkSound, type Sound } from "../../decode/sound.ts";
import { type FileSource, readSource } from "../../decode/source.ts";
import { openWav, PCM_16, readPcm } from "../../decode/wav-file.ts";
import { unpackWav } from "./libraries.ts";

/**
 * Decodes a WAV file to one channel, at its own rate.
 *
 * @param where - the file, for messages
 * @throws {DataFormatError} if it is no WAV, is cut off, lies about its sizes, or holds nothing
 */
export async function decodeWav(source: FileSource, where = "sound"): Promise<Sound> {
  const bytes = await readSource(source, where);
  const file = openWav(bytes, where);
  const { sampleRate, channels } = file;
  const samples =
    readPcm(file) ??
    (await decodeOrRefuse(where, "WAV of 8 to 32 bits or floats", () =>
      readPcm({ channels, encoding: PCM_16, data: unpackWav(bytes) }),
    ));
  return checkSound({ sampleRate, samples: samples as Float32Array }, where);
}
