/**
 * Elementwise loops over functors.
 *
 * A functor is an unmanaged class without fields whose methods give the formula for one vector (`v`, `dv`) and for one
 * number (`s`, `ds`); both must do the same operations in the same order, so that both builds give the same bits.
 * Called through a null reference, the methods are dispatched statically and inlined.
 *
 * Every buffer has room for a whole vector past its end, so the vector loops need no tail: lanes past n hold garbage.
 * `dst` may be the same buffer as an operand.
 */

/** dst[i] = f(x[i]), i < n. */
export function map<F>(dst: usize, x: usize, n: i32): void {
  const f = changetype<F>(0);
  const end = dst + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    for (; dst < end; dst += 16, x += 16) v128.store(dst, f.v(v128.load(x)));
  } else {
    for (; dst < end; dst += 4, x += 4) store<f32>(dst, f.s(load<f32>(x)));
  }
}

/** dx[i] = or += f'(dy[i], x[i], y[i]), i < n. */
export function mapGrad<F>(dx: usize, dy: usize, x: usize, y: usize, n: i32, add: bool): void {
  const f = changetype<F>(0);
  const end = dx + ((<usize>n) << 2);
  if (ASC_FEATURE_SIMD) {
    if (add) {
      for (; dx < end; dx += 16, dy += 16, x += 16, y += 16) {
        const d = f.dv(v128.load(dy), v128.load(x), v128.load(y));
        v128.store(dx, f32x4.add(v128.load(dx), d));
      }
    } else {
      for (; dx < end; dx += 16, dy += 16, x += 16, y += 16) {
        v128.store(dx, f.dv(v128.load(dy), v128.load(x), v128.load(y)));
      }
    }
  } else {
    for (; dx < end; dx += 4, dy += 4, x += 4, y += 4) {
      const d = f.ds(load<f32>(dy), load<f32>(x), load<f32>(y));
      store<f32>(dx, add ? load<f32>(dx) + d : d);
    }
  }
}
