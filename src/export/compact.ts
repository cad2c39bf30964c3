/** Smaller model files: sixteen or eight bits a number. They open as any other; the model is then of float32 again. */
import { toHalf } from "../io/half.ts";
import { toInt8 } from "../io/int8.ts";
import type { Model } from "../train/model.ts";
import { type Packing, writeModel } from "../train/model-file.ts";

const PACKINGS = {
  /** Every number in half precision: 11 bits of significand, up to 65504. */
  f16: {
    version: 1,
    pack: (data, shape) => ({ shape, data: Uint16Array.from(data, toHalf), storeAs: "F16" }),
  },
  /** Matrices and filters in eight bits with a scale per channel; vectors (biases, norms) stay as they are. */
  int8: {
    version: 2,
    pack: (data, shape) => (shape.length < 2 ? { shape, data } : toInt8(data, shape)),
  },
} satisfies Record<string, Packing>;

export type CompactType = keyof typeof PACKINGS;
export const COMPACT_TYPES = Object.keys(PACKINGS) as readonly CompactType[];

/**
 * The model as one safetensors file of half (`"f16"`) or a quarter (`"int8"`) of the size. What that costs in accuracy is
 * seen by judging the model that `loadModel` makes of it.
 */
export function saveCompact<M extends string>(
  model: Model<M>,
  type: CompactType,
): Uint8Array<ArrayBuffer> {
  return writeModel(model.network, model.fusion, PACKINGS[type]);
}
