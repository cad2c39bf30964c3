/** Which source positions a resized picture's positions are made of, and with what weights. */

interface Kernel {
  /** Half its width, in source positions. */
  readonly support: number;
  weight(x: number): number;
}

/** Keys' cubic with a = -1/2, as Pillow and PyTorch's antialiased bicubic have it. */
const CUBIC = -0.5;

export const KERNELS = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weight(x) {
      const a = Math.abs(x);
      if (a < 1) return ((CUBIC + 2) * a - (CUBIC + 3)) * a * a + 1;
      return a < 2 ? (((a - 5) * a + 8) * a - 4) * CUBIC : 0;
    },
  },
} as const satisfies Record<string, Kernel>;

export type ResizeFilter = keyof typeof KERNELS;

export interface ResampleWeights {
  /** First source position and number of positions, per output position. */
  readonly spans: Int32Array;
  /** Of all output positions, `taps` each; add up to 1. */
  readonly weights: Float64Array;
  readonly taps: number;
}

/**
 * Weights of `size` source positions for `outSize` positions over the same range. With `antialias` a kernel is as much
 * wider as the picture shrinks; where it reaches beyond the ends, the rest is scaled up to 1.
 */
export function resampleWeights(
  size: number,
  outSize: number,
  filter: ResizeFilter,
  antialias: boolean,
): ResampleWeights {
  const kernel: Kernel = KERNELS[filter];
  const scale = size / outSize;
  const widening = antialias ? Math.max(1, scale) : 1;
  const support = kernel.support * widening;
  const taps = Math.min(size, Math.ceil(support) * 2 + 1);
  const spans = new Int32Array(2 * outSize);
  const weights = new Float64Array(outSize * taps);
  for (let out = 0; out < outSize; out++) {
    const centre = (out + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(size, Math.trunc(centre + support + 0.5)) - first;
    const row = weights.subarray(out * taps, out * taps + count);
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = kernel.weight((k + first - centre + 0.5) / widening);
      row[k] = weight;
      sum += weight;
    }
    if (sum !== 0) for (let k = 0; k < count; k++) row[k] = (row[k] as number) / sum;
    spans[2 * out] = first;
    spans[2 * out + 1] = count;
  }
  return { spans, weights, taps };
}

const POINT = 4194304;
const LOW_BITS = 15;

/** The weights in the fixed point of assembly/features/resize-bytes.ts; spans and taps then count pairs. */
export function fixedPoint({ spans, weights, taps }: ResampleWeights): {
  spans: Int32Array;
  weights: Int16Array;
  taps: number;
} {
  const pairs = (taps + 1) >> 1;
  const outSize = spans.length / 2;
  const parts = new Int16Array(outSize * pairs * 4);
  for (let out = 0; out < outSize; out++) {
    for (let k = 0; k < taps; k++) {
      const weight = weights[out * taps + k] as number;
      // Rounded half away from zero.
      const whole = Math.trunc(weight * POINT + (weight < 0 ? -0.5 : 0.5));
      const at = (out * pairs + (k >> 1)) * 4 + (k & 1);
      parts[at] = whole >> LOW_BITS;
      parts[at + 2] = whole & ((1 << LOW_BITS) - 1);
    }
  }
  return {
    spans: spans.map((value, i) => (i % 2 === 0 ? value : (value + 1) >> 1)),
    weights: parts,
    taps: pairs,
  };
}
