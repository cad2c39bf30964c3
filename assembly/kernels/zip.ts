/**
 * Rows of an elementwise op with two operands; see map.ts for functors and padding.
 *
 * An operand's step is 1 (it has a row) or 0 (one number serves the whole row). Functors give `value<T>(a, b)`.
 */
import { read, splat, write } from "../lanes";
import { FloatShare, shareFloats, worthSharingLoop } from "../share";

/** dst[i] = F.value(a[i], b[i]), i < n, of whole tensors or with one number as b; long loops are shared by the threads. */
export function zipAll<F>(dst: usize, a: usize, b: usize, n: i32, bStep: i32): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(n)) {
    const job = (args: usize, item: i32, _thread: i32): void => {
      const share = changetype<FloatShare>(args);
      const at = share.at(item);
      const step = share.step;
      const from = share.c + at * step;
      zipRowBy<F, v128>(share.a + at, share.b + at, from, share.count(item), 1, step);
    };
    shareFloats(job.index, n, dst, a, b, 0, 0, false, bStep);
  } else {
    zipRow<F>(dst, a, b, n, 1, bStep);
  }
}

/** dst[i] = F.value(a[i], b[i]), i < n; not both steps are 0. Lanes past n are overwritten: fill rows in order. */
export function zipRow<F>(dst: usize, a: usize, b: usize, n: i32, aStep: i32, bStep: i32): void {
  if (ASC_FEATURE_SIMD) zipRowBy<F, v128>(dst, a, b, n, aStep, bStep);
  else zipRowBy<F, f32>(dst, a, b, n, aStep, bStep);
}

function zipRowBy<F, T>(dst: usize, a: usize, b: usize, n: i32, aStep: i32, bStep: i32): void {
  const f = changetype<F>(0);
  const end = dst + ((<usize>n) << 2);
  const step = sizeof<T>();
  if (aStep == 0) {
    const one = splat<T>(load<f32>(a));
    for (; dst < end; dst += step, b += step) write<T>(dst, f.value<T>(one, read<T>(b)));
  } else if (bStep == 0) {
    const one = splat<T>(load<f32>(b));
    for (; dst < end; dst += step, a += step) write<T>(dst, f.value<T>(read<T>(a), one));
  } else {
    for (; dst < end; dst += step, a += step, b += step) {
      write<T>(dst, f.value<T>(read<T>(a), read<T>(b)));
    }
  }
}
