/**
 * Discrete Fourier transforms in float64, several at a time: one per lane of T.
 *
 * Stockham's autosort algorithm: each pass reads one buffer and writes the other, in order, so nothing is bit-reversed.
 * Passes of radix 4 and 2, and of any odd prime; sizes whose factors are small are fast, a large prime p costs p per
 * element. A buffer holds real and imaginary part of each element, as T, side by side.
 *
 * Source: the passes are those of decimation in frequency (Van Loan, "Computational Frameworks for the FFT", 1992).
 */
import { add, constant, mul, read, splat, sub, write } from "./doubles";

/**
 * Transforms `n` complex elements; gives the buffer of the two that holds the result.
 *
 * @param x - [n] complex T; overwritten
 * @param y - as large as x
 * @param roots - exp(-2 pi i k / size), k < size, f64 pairs; n divides size
 */
export function transform<T>(x: usize, y: usize, n: i32, roots: usize, size: i32): usize {
  let length = n;
  let stride = 1;
  while (length > 1) {
    const step = size / length;
    let radix = 4;
    if ((length & 3) == 0) radix4<T>(x, y, length, stride, roots, step);
    else {
      radix = leastFactor(length);
      if (radix == 2) radix2<T>(x, y, length, stride, roots, step);
      else radixAny<T>(x, y, length, stride, roots, step, radix);
    }
    length /= radix;
    stride *= radix;
    const swapped = x;
    x = y;
    y = swapped;
  }
  return x;
}

/** Of an even number 2, else the least odd prime that divides it. */
function leastFactor(n: i32): i32 {
  if ((n & 1) == 0) return 2;
  for (let factor = 3; factor * factor <= n; factor += 2) {
    if (n % factor == 0) return factor;
  }
  return n;
}

/** Address of root `k`, k below the table's size. */
function rootAt(roots: usize, k: i32): usize {
  return roots + ((<usize>k) << 4);
}

function radix2<T>(x: usize, y: usize, n: i32, stride: i32, roots: usize, step: i32): void {
  const width = sizeof<T>() << 1;
  const m = n >> 1;
  const span = <usize>stride * width;
  const far = span * <usize>m;
  for (let p = 0; p < m; p++) {
    const root = rootAt(roots, p * step);
    const wr = constant<T>(root);
    const wi = constant<T>(root + 8);
    const end = x + span;
    for (; x < end; x += width, y += width) {
      const ar = read<T>(x);
      const ai = read<T>(x + sizeof<T>());
      const br = read<T>(x + far);
      const bi = read<T>(x + far + sizeof<T>());
      write<T>(y, add<T>(ar, br));
      write<T>(y + sizeof<T>(), add<T>(ai, bi));
      multiply<T>(y + span, sub<T>(ar, br), sub<T>(ai, bi), wr, wi);
    }
    y += span;
  }
}

function radix4<T>(x: usize, y: usize, n: i32, stride: i32, roots: usize, step: i32): void {
  const width = sizeof<T>() << 1;
  const half = sizeof<T>();
  const m = n >> 2;
  const span = <usize>stride * width;
  const far = span * <usize>m;
  for (let p = 0; p < m; p++) {
    const root1 = rootAt(roots, p * step);
    const root2 = rootAt(roots, 2 * p * step);
    const root3 = rootAt(roots, 3 * p * step);
    const w1r = constant<T>(root1);
    const w1i = constant<T>(root1 + 8);
    const w2r = constant<T>(root2);
    const w2i = constant<T>(root2 + 8);
    const w3r = constant<T>(root3);
    const w3i = constant<T>(root3 + 8);
    const end = x + span;
    for (; x < end; x += width, y += width) {
      const b = x + far;
      const c = b + far;
      const d = c + far;
      const acr = add<T>(read<T>(x), read<T>(c));
      const aci = add<T>(read<T>(x + half), read<T>(c + half));
      const amcr = sub<T>(read<T>(x), read<T>(c));
      const amci = sub<T>(read<T>(x + half), read<T>(c + half));
      const bdr = add<T>(read<T>(b), read<T>(d));
      const bdi = add<T>(read<T>(b + half), read<T>(d + half));
      const bmdr = sub<T>(read<T>(b), read<T>(d));
      const bmdi = sub<T>(read<T>(b + half), read<T>(d + half));
      write<T>(y, add<T>(acr, bdr));
      write<T>(y + half, add<T>(aci, bdi));
      // -i (b - d) and i (b - d) are added to a - c.
      multiply<T>(y + span, add<T>(amcr, bmdi), sub<T>(amci, bmdr), w1r, w1i);
      multiply<T>(y + 2 * span, sub<T>(acr, bdr), sub<T>(aci, bdi), w2r, w2i);
      multiply<T>(y + 3 * span, sub<T>(amcr, bmdi), add<T>(amci, bmdr), w3r, w3i);
    }
    y += 3 * span;
  }
}

/** Any radix, by the definition of the transform: `radix` products per element. */
function radixAny<T>(
  x: usize,
  y: usize,
  n: i32,
  stride: i32,
  roots: usize,
  step: i32,
  radix: i32,
): void {
  const width = sizeof<T>() << 1;
  const m = n / radix;
  const span = <usize>stride * width;
  const far = span * <usize>m;
  const part = step * m;
  for (let p = 0; p < m; p++) {
    for (let k = 0; k < radix; k++) {
      const twiddle = rootAt(roots, p * k * step);
      const wr = constant<T>(twiddle);
      const wi = constant<T>(twiddle + 8);
      for (let at: usize = 0; at < span; at += width, y += width) {
        let re = splat<T>(0);
        let im = splat<T>(0);
        let element = x + at;
        // j k modulo radix, the power of the radix's own root.
        let power = 0;
        for (let j = 0; j < radix; j++) {
          const root = rootAt(roots, power * part);
          const ur = constant<T>(root);
          const ui = constant<T>(root + 8);
          const ar = read<T>(element);
          const ai = read<T>(element + sizeof<T>());
          re = add<T>(re, sub<T>(mul<T>(ar, ur), mul<T>(ai, ui)));
          im = add<T>(im, add<T>(mul<T>(ar, ui), mul<T>(ai, ur)));
          element += far;
          power += k;
          if (power >= radix) power -= radix;
        }
        multiply<T>(y, re, im, wr, wi);
      }
    }
    x += span;
  }
}

/** Writes (re + i im) (wr + i wi). */
function multiply<T>(to: usize, re: T, im: T, wr: T, wi: T): void {
  write<T>(to, sub<T>(mul<T>(re, wr), mul<T>(im, wi)));
  write<T>(to + sizeof<T>(), add<T>(mul<T>(re, wi), mul<T>(im, wr)));
}
