/** WAV files to samples: integers of 8, 16, 24 and 32 bits, floats of 32 and 64. */
import { decodeOrRefuse, refuseFile } from "./broken-file.ts";
import { asciiAt, fileKind } from "./file-kind.ts";
import { type RawSound, wav } from "./libraries.ts";
import { describeKind } from "./picture.ts";

/** Most samples of a file over all channels: an hour of stereo at 48 kHz. */
export const MAX_SAMPLES = 345_600_000;

export interface Sound {
  /** Hertz. */
  readonly sampleRate: number;
  /** Mean of the channels, in [-1, 1]. */
  readonly samples: Float32Array;
}

/**
 * Decodes a WAV file to one channel.
 *
 * @param where - the file, for messages
 * @throws {DataFormatError} if it is no WAV, is cut off, lies about its sizes, or holds nothing
 */
export async function decodeWav(bytes: Uint8Array, where: string): Promise<Sound> {
  const kind = fileKind(bytes);
  if (kind !== "wav") return refuseFile(where, "a WAV file", describeKind(kind));
  checkChunks(bytes, where);
  const sound = await decodeOrRefuse(where, "WAV of 8 to 32 bits or floats", () => wav(bytes));
  const { sampleRate } = sound;
  const samples = toMono(sound, where);
  if (samples.length === 0) refuseFile(where, "at least one sample", "none");
  if (!(sampleRate >= 1 && sampleRate <= 1_000_000)) {
    refuseFile(where, "a rate of 1 to 1,000,000 Hz", `${sampleRate}`);
  }
  for (const sample of samples) {
    if (!Number.isFinite(sample)) refuseFile(where, "finite samples", `${sample}`);
  }
  return { sampleRate, samples };
}

/** Chunks must lie in the file, the format before the samples, and a sample must have as many bytes as is said. */
function checkChunks(bytes: Uint8Array, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (asciiAt(bytes, 0) !== "RIFF") refuseFile(where, "little-endian RIFF", asciiAt(bytes, 0));
  let hasFormat = false;
  let position = 12;
  while (position + 8 <= bytes.length) {
    const name = asciiAt(bytes, position);
    const size = view.getUint32(position + 4, true);
    const left = bytes.length - position - 8;
    if (size > left) refuseFile(where, `at most ${left} bytes in chunk "${name}"`, `${size}`);
    if (name === "fmt ") {
      if (size < 16) refuseFile(where, "a format chunk of at least 16 bytes", `${size}`);
      checkFormat(view, position + 8, where);
      hasFormat = true;
    }
    if (name === "data") {
      if (!hasFormat) refuseFile(where, "a format chunk before the samples", "none");
      if (size === 0) refuseFile(where, "at least one sample", "none");
      if (size > MAX_SAMPLES) refuseFile(where, `at most ${MAX_SAMPLES} bytes`, `${size}`);
      return;
    }
    position += 8 + size + (size % 2);
  }
  refuseFile(where, "a chunk of samples", "none");
}

function checkFormat(view: DataView, at: number, where: string): void {
  const channels = view.getUint16(at + 2, true);
  const bits = view.getUint16(at + 14, true);
  const block = view.getUint16(at + 12, true);
  if (channels < 1 || channels > 64) refuseFile(where, "1 to 64 channels", `${channels}`);
  if (bits >= 8 && block !== channels * Math.ceil(bits / 8)) {
    refuseFile(where, `${channels * Math.ceil(bits / 8)} bytes per frame`, `${block}`);
  }
}

interface Encoding {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  16: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32768 },
  24: {
    bytes: 3,
    read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608,
  },
  32: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2147483648 },
  "32f": { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** The mean of the channels. */
function toMono({ channels, depth, samples }: RawSound, where: string): Float32Array {
  const encoding = ENCODINGS[depth];
  if (encoding === undefined) {
    return refuseFile(where, `samples of ${Object.keys(ENCODINGS).join(", ")} bits`, depth);
  }
  const { bytes, read } = encoding;
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  const mono = new Float32Array(Math.floor(samples.length / (bytes * channels)));
  for (let i = 0, at = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, at += bytes) sum += read(view, at);
    mono[i] = sum / channels;
  }
  return mono;
}
