/** From the transform of a frame to the numbers that are kept of it. */
import { add, constant, mul, read, scatter, splat, sqrt, sub, write } from "./doubles";

/**
 * The bins 0 to n of 2 n real numbers, from the transform z of n packed pairs:
 * x[k] = (z[k] + z*[n - k]) / 2 - i exp(-pi i k / n) (z[k] - z*[n - k]) / 2.
 */
export function split<T>(x: usize, z: usize, n: i32, roots: usize): void {
  const width = sizeof<T>() << 1;
  const half = splat<T>(0.5);
  for (let k = 0; k <= n; k++) {
    const a = z + <usize>(k == n ? 0 : k) * width;
    const b = z + <usize>(k == 0 ? 0 : n - k) * width;
    const root = roots + ((<usize>k) << 4);
    const wr = constant<T>(root);
    const wi = constant<T>(root + 8);
    const ar = read<T>(a);
    const ai = read<T>(a + sizeof<T>());
    const br = read<T>(b);
    const bi = read<T>(b + sizeof<T>());
    const dr = sub<T>(ar, br);
    const di = add<T>(ai, bi);
    const re = add<T>(add<T>(ar, br), add<T>(mul<T>(wr, di), mul<T>(wi, dr)));
    const im = add<T>(sub<T>(ai, bi), sub<T>(mul<T>(wi, di), mul<T>(wr, dr)));
    write<T>(x, mul<T>(re, half));
    write<T>(x + sizeof<T>(), mul<T>(im, half));
    x += width;
  }
}

/** Replaces complex bins by their power, or magnitude, packed to the front. */
export function measure<T>(x: usize, bins: i32, isMagnitude: bool): void {
  let to = x;
  for (let k = 0; k < bins; k++, x += sizeof<T>() << 1, to += sizeof<T>()) {
    const re = read<T>(x);
    const im = read<T>(x + sizeof<T>());
    const power = add<T>(mul<T>(re, re), mul<T>(im, im));
    write<T>(to, isMagnitude ? sqrt<T>(power) : power);
  }
}

export function filter<T>(
  out0: usize,
  out1: usize,
  x: usize,
  bands: i32,
  filters: usize,
  weights: usize,
): void {
  for (let band = 0; band < bands; band++, out0 += 4, out1 += 4, filters += 8) {
    let from = x + <usize>load<i32>(filters) * sizeof<T>();
    const end = from + <usize>load<i32>(filters, 4) * sizeof<T>();
    let sum = splat<T>(0);
    for (; from < end; from += sizeof<T>(), weights += 8) {
      sum = add<T>(sum, mul<T>(read<T>(from), constant<T>(weights)));
    }
    scatter<T>(out0, out1, sum);
  }
}
