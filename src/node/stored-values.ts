import { type ChannelNorm, normaliseChannels, scaleChannels } from "../data/normalise.ts";
import type { TensorArray } from "../io/dtypes.ts";

/**
 * Values as a model sees them, of all samples of a modality or of one: the same bits either way.
 *
 * @param data - as stored; floats are changed in place
 * @param norm - mean and deviation per channel (channels vary fastest) by which values come to 0 and 1; of bytes in units
 *   of 255
 */
export function storedValues(data: TensorArray, norm?: ChannelNorm): Float32Array {
  if (norm !== undefined && data instanceof Uint8Array) return normaliseChannels(data, norm);
  const values = data instanceof Float32Array ? data : new Float32Array(data as ArrayLike<number>);
  if (norm !== undefined) scaleChannels(values, norm);
  return values;
}
