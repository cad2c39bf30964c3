/** The number types of a safetensors file and their typed arrays. */

/** Typed arrays that a tensor file can hold. */
export type TensorArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

interface Dtype {
  readonly bytes: number;
  /** Numbers from an aligned, exclusively owned buffer; half precision is widened, which is exact. */
  readonly read: (buffer: ArrayBuffer) => TensorArray;
}

export const DTYPES = {
  F64: { bytes: 8, read: (buffer) => new Float64Array(buffer) },
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F16: { bytes: 2, read: (buffer) => widenHalf(new Uint16Array(buffer)) },
  BF16: { bytes: 2, read: (buffer) => widenBrain(new Uint16Array(buffer)) },
  I64: { bytes: 8, read: (buffer) => new BigInt64Array(buffer) },
  U64: { bytes: 8, read: (buffer) => new BigUint64Array(buffer) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, read: (buffer) => new Uint32Array(buffer) },
  I16: { bytes: 2, read: (buffer) => new Int16Array(buffer) },
  U16: { bytes: 2, read: (buffer) => new Uint16Array(buffer) },
  I8: { bytes: 1, read: (buffer) => new Int8Array(buffer) },
  U8: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  BOOL: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
} satisfies Record<string, Dtype>;

export type DtypeName = keyof typeof DTYPES;

/** The type in which an array is written. */
export function dtypeOf(data: TensorArray): DtypeName {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Uint32Array) return "U32";
  if (data instanceof Int16Array) return "I16";
  if (data instanceof Uint16Array) return "U16";
  if (data instanceof Int8Array) return "I8";
  if (data instanceof Uint8Array) return "U8";
  return data instanceof BigInt64Array ? "I64" : "U64";
}

function widenHalf(bits: Uint16Array): Float32Array {
  // A plain loop: the callback of Float32Array.from takes twenty times as long.
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = halfToNumber(bits[i] as number);
  return values;
}

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return (sign * fraction) / 16777216;
  const significand = sign * (1024 + fraction);
  // 2^(exponent - 25), from integer shifts alone.
  return exponent >= 25
    ? significand * (1 << (exponent - 25))
    : significand / (1 << (25 - exponent));
}

/** bfloat16 is the upper half of a float32. */
function widenBrain(bits: Uint16Array): Float32Array {
  const words = Uint32Array.from(bits, (half) => (half << 16) >>> 0);
  return new Float32Array(words.buffer);
}
