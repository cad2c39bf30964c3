/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 fraction bits. */

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** The nearest half, ties to even, as its bits; beyond 65504 infinity. */
export function toHalf(value: number): number {
  FLOAT[0] = value;
  const bits = BITS[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  // Where the half's exponent field is 0, one step is 2^-24.
  const below = Math.max(0, 113 - exponent);
  if (below > 11) return sign;
  const significand = below === 0 ? fraction : fraction | 0x800000;
  const shift = 13 + below;
  const whole = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const up = rest > half || (rest === half && (whole & 1) === 1) ? 1 : 0;
  // A carry out of the fraction raises the exponent, up to infinity: the bits are those of the next half.
  const base = below === 0 ? (exponent - 112) << 10 : 0;
  return sign | Math.min(base + whole + up, 0x7c00);
}
