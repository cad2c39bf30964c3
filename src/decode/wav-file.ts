/** WAV files: that their sizes do not lie, and samples that are not compressed, read in place. */
import { refuseFile } from "./broken-file.ts";
import { asciiAt, describeKind, fileKind } from "./file-kind.ts";
import { MAX_SAMPLES } from "./sound.ts";

interface Encoding {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

/** By the number of the format (1: integers, 3: floats) and the bits of a sample. */
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "1/8": { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  "1/16": { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32768 },
  "1/24": {
    bytes: 3,
    read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608,
  },
  "1/32": { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2147483648 },
  "3/32": { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  "3/64": { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};
/** The number of formats whose own number is in their extension. */
const EXTENSIBLE = 0xfffe;

export interface PcmSamples {
  readonly channels: number;
  /** Undefined: they are compressed, or of another kind. */
  readonly encoding: Encoding | undefined;
  /** Channels side by side. */
  readonly data: Uint8Array;
}

export interface WavFile extends PcmSamples {
  /** Hertz. */
  readonly sampleRate: number;
}

/** The encoding of integers of 16 bits. */
export const PCM_16 = ENCODINGS["1/16"];

/**
 * What a WAV file says of itself: chunks must lie in the file, the format before the samples, and a sample must have as
 * many bytes as is said.
 *
 * @throws {DataFormatError} if it is no WAV, is cut off, lies about its sizes, or holds nothing
 */
export function openWav(bytes: Uint8Array, where: string): WavFile {
  if (fileKind(bytes) !== "wav") refuseFile(where, "a WAV file", describeKind(bytes));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (asciiAt(bytes, 0) !== "RIFF") refuseFile(where, "little-endian RIFF", asciiAt(bytes, 0));
  let format: Omit<WavFile, "data"> | undefined;
  let position = 12;
  while (position + 8 <= bytes.length) {
    const name = asciiAt(bytes, position);
    const size = view.getUint32(position + 4, true);
    const left = bytes.length - position - 8;
    if (size > left) refuseFile(where, `at most ${left} bytes in chunk "${name}"`, `${size}`);
    if (name === "fmt ") {
      if (size < 16) refuseFile(where, "a format chunk of at least 16 bytes", `${size}`);
      format = readFormat(view, position + 8, size, where);
    }
    if (name === "data") {
      if (format === undefined) {
        return refuseFile(where, "a format chunk before the samples", "none");
      }
      if (size === 0) refuseFile(where, "at least one sample", "none");
      if (size > MAX_SAMPLES) refuseFile(where, `at most ${MAX_SAMPLES} bytes`, `${size}`);
      return { ...format, data: bytes.subarray(position + 8, position + 8 + size) };
    }
    position += 8 + size + (size % 2);
  }
  return refuseFile(where, "a chunk of samples", "none");
}

function readFormat(
  view: DataView,
  at: number,
  size: number,
  where: string,
): Omit<WavFile, "data"> {
  const number = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const block = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  if (channels < 1 || channels > 64) refuseFile(where, "1 to 64 channels", `${channels}`);
  if (bits >= 8 && block !== channels * Math.ceil(bits / 8)) {
    refuseFile(where, `${channels * Math.ceil(bits / 8)} bytes per frame`, `${block}`);
  }
  if (!(sampleRate >= 1 && sampleRate <= 1_000_000)) {
    refuseFile(where, "a rate of 1 to 1,000,000 Hz", `${sampleRate}`);
  }
  const extended = number === EXTENSIBLE && size >= 26;
  const own = extended ? view.getUint16(at + 24, true) : number;
  return { sampleRate, channels, encoding: ENCODINGS[`${own}/${bits}`] };
}

/**
 * The mean of the channels, as they stand in the file.
 *
 * @returns undefined if the samples are compressed, or of another kind
 */
export function readPcm({ data, channels, encoding }: PcmSamples): Float32Array | undefined {
  if (encoding === undefined) return undefined;
  const { bytes, read } = encoding;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const mono = new Float32Array(Math.floor(data.length / (bytes * channels)));
  for (let i = 0, at = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, at += bytes) sum += read(view, at);
    mono[i] = sum / channels;
  }
  return mono;
}

/** Whether a file is a WAV of this rate in Hertz: its samples are then what they are, whatever decodes other sounds. */
export function isWavAt(bytes: Uint8Array, sampleRate: number, where: string): boolean {
  return fileKind(bytes) === "wav" && openWav(bytes, where).sampleRate === sampleRate;
}
