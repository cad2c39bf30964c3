/**
 * Elementwise loops over functors.
 *
 * A functor is an unmanaged class without fields whose methods give the formula, written once for v128 and f32 with
 * assembly/lanes.ts. Called through a null reference, the methods are dispatched statically and inlined.
 *
 * Every buffer has room for a whole vector past its end, so these loops need no tail: lanes past n hold garbage.
 * `dst` may be the same buffer as an operand. Long loops are shared by the threads.
 */
import { add, read, write } from "../lanes";
import { FloatShare, shareFloats, worthSharingLoop } from "../share";

/** dst[i] = F.value(x[i]), i < n. */
export function map<F>(dst: usize, x: usize, n: i32): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(n)) {
    const job = (args: usize, item: i32, _thread: i32): void => {
      const share = changetype<FloatShare>(args);
      const at = share.at(item);
      mapBy<F, v128>(share.a + at, share.b + at, share.count(item));
    };
    shareFloats(job.index, n, dst, x, 0, 0, 0, false);
  } else if (ASC_FEATURE_SIMD) mapBy<F, v128>(dst, x, n);
  else mapBy<F, f32>(dst, x, n);
}

function mapBy<F, T>(dst: usize, x: usize, n: i32): void {
  const f = changetype<F>(0);
  const end = dst + ((<usize>n) << 2);
  for (; dst < end; dst += sizeof<T>(), x += sizeof<T>()) write<T>(dst, f.value<T>(read<T>(x)));
}

/** dx[i] = or += F.gradient(dy[i], x[i], y[i]), i < n. */
export function mapGrad<F>(dx: usize, dy: usize, x: usize, y: usize, n: i32, sum: bool): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(n)) {
    const job = (args: usize, item: i32, _thread: i32): void => {
      const share = changetype<FloatShare>(args);
      const at = share.at(item);
      const count = share.count(item);
      mapGradBy<F, v128>(share.a + at, share.b + at, share.c + at, share.d + at, count, share.sum);
    };
    shareFloats(job.index, n, dx, dy, x, y, 0, sum);
  } else if (ASC_FEATURE_SIMD) mapGradBy<F, v128>(dx, dy, x, y, n, sum);
  else mapGradBy<F, f32>(dx, dy, x, y, n, sum);
}

function mapGradBy<F, T>(dx: usize, dy: usize, x: usize, y: usize, n: i32, sum: bool): void {
  const f = changetype<F>(0);
  const end = dx + ((<usize>n) << 2);
  const step = sizeof<T>();
  for (; dx < end; dx += step, dy += step, x += step, y += step) {
    const d = f.gradient<T>(read<T>(dy), read<T>(x), read<T>(y));
    write<T>(dx, sum ? add<T>(read<T>(dx), d) : d);
  }
}
