/**
 * Arithmetic on T, which is v128 (two f64 lanes) or f64: assembly/lanes.ts for double precision.
 *
 * A kernel written with these takes one frame of a signal per lane, so the scalar build, with one lane, does the same
 * operations in the same order and gives the same bits.
 */

/** Lanes of T. */
export function lanes<T>(): i32 {
  return isVector<T>() ? 2 : 1;
}

/** The f64 at `pointer`, in every lane. */
export function constant<T>(pointer: usize): T {
  if (isVector<T>()) return v128.load64_splat(pointer);
  else return load<f64>(pointer);
}

export function read<T>(pointer: usize): T {
  if (isVector<T>()) return v128.load(pointer);
  else return load<f64>(pointer);
}

export function write<T>(pointer: usize, value: T): void {
  if (isVector<T>()) v128.store(pointer, value);
  else store<f64>(pointer, value);
}

export function splat<T>(value: f64): T {
  if (isVector<T>()) return f64x2.splat(value);
  else return value;
}

/** The f32 at `first` in lane 0, that at `second` in lane 1. */
export function gather<T>(first: usize, second: usize): T {
  if (isVector<T>()) {
    return f64x2.promote_low_f32x4(v128.load32_lane(second, v128.load32_zero(first), 1));
  } else return <f64>load<f32>(first);
}

/** Lane 0 as f32 to `first`, lane 1 to `second`. */
export function scatter<T>(first: usize, second: usize, value: T): void {
  if (isVector<T>()) {
    const pair = f32x4.demote_f64x2_zero(value);
    v128.store32_lane(first, pair, 0);
    v128.store32_lane(second, pair, 1);
  } else store<f32>(first, <f32>value);
}

export function add<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.add(a, b);
  else return a + b;
}

export function sub<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.sub(a, b);
  else return a - b;
}

export function mul<T>(a: T, b: T): T {
  if (isVector<T>()) return f64x2.mul(a, b);
  else return a * b;
}

export function sqrt<T>(a: T): T {
  if (isVector<T>()) return f64x2.sqrt(a);
  else return f64.sqrt(a);
}
