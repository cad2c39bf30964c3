/**
 * Exponential and logarithm in float64 that give the same bits on every machine.
 *
 * ECMAScript leaves the last bits of `Math.exp` and `Math.log` to the host. These are built from additions,
 * multiplications and divisions alone, which IEEE 754 rounds in exactly one way.
 */

/** ln 2 in two parts: the high one ends in 21 zero bits, so its product with any exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const EXP_TERMS = 13;
const LOG_TERMS = 11;

const inverseFactorials: readonly number[] = buildInverseFactorials();
const bits = new DataView(new ArrayBuffer(8));

function buildInverseFactorials(): number[] {
  const out = [1];
  let factorial = 1;
  for (let n = 1; n <= EXP_TERMS; n++) {
    factorial *= n; // exact: 13! < 2^53
    out.push(1 / factorial);
  }
  return out;
}

/** 2^k for a normal result, -1022 <= k <= 1023. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/**
 * e^x in float64.
 *
 * Relative error at most 5e-16 (about 2 units in the last place) wherever the result is a normal number; a subnormal
 * result is off by at most one unit of its own last place. Overflow gives Infinity, underflow 0, NaN stays NaN.
 *
 * Method: x = k ln 2 + r with |r| <= ln 2 / 2, Taylor series of e^r to degree 13 (its remainder is below 5e-18), scaled by 2^k.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW; // the first product and difference are exact
  let tail = 0;
  for (let n = EXP_TERMS; n >= 2; n--) tail = tail * r + (inverseFactorials[n] as number);
  const value = 1 + (r + r * r * tail);
  // Two factors, since 2^1024 and 2^-1074 are no normal numbers while the result may still be finite.
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/**
 * Natural logarithm in float64.
 *
 * Relative error at most 6e-16. log(0) is -Infinity, log of a negative number NaN, log(Infinity) Infinity.
 *
 * Method: x = 2^e m with sqrt(1/2) <= m < sqrt(2), then log m = 2 artanh((m - 1) / (m + 1)) by its odd series to degree 23.
 */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let exponent = 0;
  let scaled = x;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 18014398509481984; // 2^54 lifts a subnormal into the normal range
    exponent = -54;
  }
  bits.setFloat64(0, scaled);
  const head = bits.getUint32(0);
  exponent += (head >>> 20) - 1023;
  bits.setUint32(0, (head & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let n = LOG_TERMS; n >= 1; n--) series = square * (series + 1 / (2 * n + 1));
  const fraction = 2 * s + 2 * s * series;
  return exponent * LN2_HIGH + (fraction + exponent * LN2_LOW);
}

/** Hyperbolic tangent within 3e-16, from {@link exp}. */
export function tanh(x: number): number {
  const shrunk = exp(-2 * Math.abs(x));
  const value = (1 - shrunk) / (1 + shrunk);
  return x < 0 ? -value : value;
}

const SINE_TERMS = 9;

/** sin(pi x / 2) for x in [0, 1], within 1e-15, by its Taylor series. */
export function sinQuarter(x: number): number {
  const angle = (Math.PI / 2) * x;
  let sum = 0;
  for (let n = SINE_TERMS; n >= 1; n--) sum = ((1 - sum) * angle * angle) / (2 * n * (2 * n + 1));
  return angle * (1 - sum);
}
