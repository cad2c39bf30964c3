/** Bytes of pictures to numbers of mean 0 and deviation 1 per channel, and back. */

/** Mean and standard deviation per channel, of values scaled to [0, 1]. */
export interface ChannelNorm {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * Measures the channels over some pictures, in exact integer sums.
 *
 * @param bytes - [pictures, pixels, channels]
 * @param rows - the pictures to look at: those trained on
 */
export function measureChannels(
  bytes: Uint8Array,
  pixels: number,
  channels: number,
  rows: Int32Array,
): ChannelNorm {
  const count = rows.length * pixels;
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    let total = 0;
    let squares = 0;
    for (const row of rows) {
      const end = (row + 1) * pixels * channels;
      for (let i = row * pixels * channels + channel; i < end; i += channels) {
        const value = bytes[i] as number;
        total += value;
        squares += value * value;
      }
    }
    const average = total / count;
    mean.push(average / 255);
    deviation.push(Math.sqrt(squares / count - average * average) / 255);
  }
  return { mean, deviation };
}

/** `(byte / 255 - mean) / deviation` per channel; channels vary fastest. */
export function normaliseChannels(bytes: Uint8Array, norm: ChannelNorm): Float32Array {
  const channels = norm.mean.length;
  const table = new Float32Array(256 * channels);
  for (let i = 0; i < table.length; i++) {
    const channel = i % channels;
    const byte = Math.floor(i / channels);
    table[i] = (byte / 255 - (norm.mean[channel] as number)) / (norm.deviation[channel] as number);
  }
  // A plain loop: the callback of Float32Array.from takes ten times as long over millions of bytes.
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    values[i] = table[(bytes[i] as number) * channels + (i % channels)] as number;
  }
  return values;
}

/** The bytes that {@link normaliseChannels} came from, for showing a picture. */
export function restoreChannels(values: Float32Array, norm: ChannelNorm): Uint8Array {
  const channels = norm.mean.length;
  return Uint8Array.from(values, (value, i) => {
    const channel = i % channels;
    const scaled = value * (norm.deviation[channel] as number) + (norm.mean[channel] as number);
    return Math.min(255, Math.max(0, Math.round(scaled * 255)));
  });
}

/** In place: `(value - mean) / deviation` per channel; channels vary fastest. */
export function scaleChannels(values: Float32Array, { mean, deviation }: ChannelNorm): void {
  const channels = mean.length;
  for (let i = 0; i < values.length; i++) {
    const c = i % channels;
    values[i] = ((values[i] as number) - (mean[c] as number)) / (deviation[c] as number);
  }
}
