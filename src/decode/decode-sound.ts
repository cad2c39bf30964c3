/** Sounds by the platform's own decoder. */
import { UnsupportedError } from "../engine/errors.ts";
import { checkSampleRate } from "../features/waveform.ts";
import { decodeOrRefuse, refuseFile } from "./broken-file.ts";
import { describeKind, fileKind } from "./file-kind.ts";
import { checkSound, MAX_SAMPLES, type Sound } from "./sound.ts";
import { type FileSource, readSource } from "./source.ts";
import { isWavAt, openWav, readPcm } from "./wav-file.ts";

/** Most bytes of a compressed sound: how long it is, is known only when it is decoded. */
const MAX_COMPRESSED_BYTES = 2 ** 26;

/**
 * Decodes a WAV file to one channel, at its own rate: the samples that Node gives. `resample` of `altermodal/features`
 * takes them to another rate, again with the same numbers. Compressed samples (ADPCM, A-law, mu-law) are the platform's.
 *
 * @param where - the file, for messages
 * @throws {DataFormatError} if it is no WAV, is cut off, lies about its sizes, or holds nothing
 * @throws {UnsupportedError} if it is compressed, and this runtime has no decoder of sounds (a worker) or none for its rate
 */
export async function decodeWav(source: FileSource, where = "sound"): Promise<Sound> {
  const bytes = await readSource(source, where);
  const file = openWav(bytes, where);
  const samples = readPcm(file);
  if (samples === undefined) return decodeAt(bytes, file.sampleRate, where);
  return checkSound({ sampleRate: file.sampleRate, samples }, where);
}

/**
 * The sound of a file in any format that the platform reads (WAV, MP3, Ogg, FLAC, AAC in MP4, ...), one channel, at a rate
 * of choice. A WAV of that rate gives the samples of {@link decodeWav}; for all else, the platform's decoder and its
 * conversion of rates decide the last digits.
 *
 * @param sampleRate - Hertz
 * @param where - the file, for messages
 * @throws {OptionError} if the rate is no positive number
 * @throws {DataFormatError} if the platform cannot read it, it has no sound, or it has more than 64 MiB and is no WAV
 * @throws {UnsupportedError} if this runtime has no decoder of sounds (a worker), or none for the rate
 */
export async function decodeSound(
  source: FileSource,
  sampleRate: number,
  where = "sound",
): Promise<Sound> {
  checkSampleRate(where, sampleRate);
  const bytes = await readSource(source, where);
  if (isWavAt(bytes, sampleRate, where)) return decodeWav(bytes, where);
  if (bytes.length === 0) refuseFile(where, "a sound", describeKind(bytes));
  if (fileKind(bytes) !== "wav" && bytes.length > MAX_COMPRESSED_BYTES) {
    refuseFile(where, `at most ${MAX_COMPRESSED_BYTES} bytes`, `${bytes.length}`);
  }
  return decodeAt(bytes, sampleRate, where);
}

async function decodeAt(bytes: Uint8Array, sampleRate: number, where: string): Promise<Sound> {
  const context = contextAt(sampleRate, where);
  // Decoding takes the memory away from whoever has it.
  const copy = new Uint8Array(bytes).buffer;
  const decoded = await decodeOrRefuse(where, "a whole file of a format that is read here", () =>
    context.decodeAudioData(copy),
  );
  const { length, numberOfChannels } = decoded;
  if (length * numberOfChannels > MAX_SAMPLES) {
    refuseFile(where, `at most ${MAX_SAMPLES} samples`, `${length * numberOfChannels}`);
  }
  const channels = Array.from({ length: numberOfChannels }, (_, c) => decoded.getChannelData(c));
  const samples = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i] as number;
    samples[i] = sum / numberOfChannels;
  }
  return checkSound({ sampleRate, samples }, where);
}

function contextAt(sampleRate: number, where: string): OfflineAudioContext {
  if (typeof OfflineAudioContext !== "function") {
    throw new UnsupportedError(
      `${where}: Cannot decode a sound here: expected OfflineAudioContext, got none; decode it in a page and send the samples, or in Node by altermodal/decode`,
    );
  }
  try {
    return new OfflineAudioContext(1, 1, sampleRate);
  } catch {
    throw new UnsupportedError(
      `${where}: Cannot decode a sound at this rate: expected one that the browser takes (8,000 to 96,000 Hz everywhere), got ${sampleRate} Hz`,
    );
  }
}
