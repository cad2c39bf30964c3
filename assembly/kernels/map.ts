/**
 * Elementwise loops over functors.
 *
 * A functor is an unmanaged class without fields whose methods give the formula, written once for v128 and f32 with
 * assembly/lanes.ts. Called through a null reference, the methods are dispatched statically and inlined.
 *
 * Every buffer has room for a whole vector past its end, so these loops need no tail: lanes past n hold garbage.
 * `dst` may be the same buffer as an operand.
 */
import { add, read, write } from "../lanes";

/** dst[i] = F.value(x[i]), i < n. */
export function map<F>(dst: usize, x: usize, n: i32): void {
  if (ASC_FEATURE_SIMD) mapBy<F, v128>(dst, x, n);
  else mapBy<F, f32>(dst, x, n);
}

function mapBy<F, T>(dst: usize, x: usize, n: i32): void {
  const f = changetype<F>(0);
  const end = dst + ((<usize>n) << 2);
  for (; dst < end; dst += sizeof<T>(), x += sizeof<T>()) write<T>(dst, f.value<T>(read<T>(x)));
}

/** dx[i] = or += F.gradient(dy[i], x[i], y[i]), i < n. */
export function mapGrad<F>(dx: usize, dy: usize, x: usize, y: usize, n: i32, sum: bool): void {
  if (ASC_FEATURE_SIMD) mapGradBy<F, v128>(dx, dy, x, y, n, sum);
  else mapGradBy<F, f32>(dx, dy, x, y, n, sum);
}

function mapGradBy<F, T>(dx: usize, dy: usize, x: usize, y: usize, n: i32, sum: bool): void {
  const f = changetype<F>(0);
  const end = dx + ((<usize>n) << 2);
  const step = sizeof<T>();
  if (sum) {
    for (; dx < end; dx += step, dy += step, x += step, y += step) {
      const d = f.gradient<T>(read<T>(dy), read<T>(x), read<T>(y));
      write<T>(dx, add<T>(read<T>(dx), d));
    }
  } else {
    for (; dx < end; dx += step, dy += step, x += step, y += step) {
      write<T>(dx, f.gradient<T>(read<T>(dy), read<T>(x), read<T>(y)));
    }
  }
}
