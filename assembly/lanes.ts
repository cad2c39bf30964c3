/**
 * Arithmetic on T, which is v128 (four f32 lanes) or f32.
 *
 * A formula written with these functions is compiled for both, so the vector loop, its tail and the scalar build do
 * the same operations in the same order and give the same bits. A condition is a mask: all bits of a lane, or none.
 */

/** The f32 at `pointer`, in every lane. Constants of hot loops are read this way: V8 rebuilds literals at each use. */
export function constant<T>(pointer: usize, index: i32): T {
  const address = pointer + ((<usize>index) << 2);
  if (isVector<T>()) return v128.load32_splat(address);
  else return load<f32>(address);
}

export function read<T>(pointer: usize): T {
  if (isVector<T>()) return v128.load(pointer);
  else return load<f32>(pointer);
}

export function write<T>(pointer: usize, value: T): void {
  if (isVector<T>()) v128.store(pointer, value);
  else store<f32>(pointer, value);
}

export function splat<T>(value: f32): T {
  if (isVector<T>()) return f32x4.splat(value);
  else return value;
}

export function add<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.add(a, b);
  else return a + b;
}

export function sub<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.sub(a, b);
  else return a - b;
}

export function mul<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.mul(a, b);
  else return a * b;
}

export function div<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.div(a, b);
  else return a / b;
}

export function neg<T>(a: T): T {
  if (isVector<T>()) return f32x4.neg(a);
  else return -a;
}

export function abs<T>(a: T): T {
  if (isVector<T>()) return f32x4.abs(a);
  else return f32.abs(a);
}

export function sqrt<T>(a: T): T {
  if (isVector<T>()) return f32x4.sqrt(a);
  else return f32.sqrt(a);
}

/** The lesser; NaN if either is. */
export function min<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.min(a, b);
  else return f32.min(a, b);
}

/** The greater; NaN if either is. */
export function max<T>(a: T, b: T): T {
  if (isVector<T>()) return f32x4.max(a, b);
  else return f32.max(a, b);
}

/** a > b ? x : y in each lane. */
export function greater<T>(a: T, b: T, x: T, y: T): T {
  if (isVector<T>()) return v128.bitselect(x, y, f32x4.gt(a, b));
  else return a > b ? x : y;
}

/** a == b ? x : y in each lane. */
export function equal<T>(a: T, b: T, x: T, y: T): T {
  if (isVector<T>()) return v128.bitselect(x, y, f32x4.eq(a, b));
  else return a == b ? x : y;
}

/** x no lower than `low` and no higher than `high`; NaN stays. One instruction per bound, where min and max take many. */
export function clamp<T>(x: T, low: T, high: T): T {
  if (isVector<T>()) return f32x4.pmax(f32x4.pmin(x, high), low);
  else {
    const bounded = high < x ? high : x;
    return bounded < low ? low : bounded;
  }
}

/** 0 if a > b, else x. */
export function dropGreater<T>(a: T, b: T, x: T): T {
  if (isVector<T>()) return v128.andnot(x, f32x4.gt(a, b));
  else return a > b ? <f32>0 : x;
}

/** x if a == b, else 0. */
export function keepEqual<T>(a: T, b: T, x: T): T {
  if (isVector<T>()) return v128.and(x, f32x4.eq(a, b));
  else return a == b ? x : <f32>0;
}

/** x if a >= b, else NaN (all bits set). */
export function requireAtLeast<T>(a: T, b: T, x: T): T {
  if (isVector<T>()) return v128.or(x, v128.not(f32x4.ge(a, b)));
  else return a >= b ? x : reinterpret<f32>(-1);
}

/** x if a > b, else 0. */
export function keepGreater<T>(a: T, b: T, x: T): T {
  if (isVector<T>()) return v128.and(x, f32x4.gt(a, b));
  else return a > b ? x : <f32>0;
}

/** Integer sum of the bits of a and b. */
export function addBits<T>(a: T, b: T): T {
  if (isVector<T>()) return i32x4.add(a, b);
  else return reinterpret<f32>(reinterpret<i32>(a) + reinterpret<i32>(b));
}

/** Integer difference of the bits of a and b. */
export function subBits<T>(a: T, b: T): T {
  if (isVector<T>()) return i32x4.sub(a, b);
  else return reinterpret<f32>(reinterpret<i32>(a) - reinterpret<i32>(b));
}

export function andBits<T>(a: T, b: T): T {
  if (isVector<T>()) return v128.and(a, b);
  else return reinterpret<f32>(reinterpret<i32>(a) & reinterpret<i32>(b));
}

export function shiftLeftBits<T>(a: T, by: i32): T {
  if (isVector<T>()) return i32x4.shl(a, by);
  else return reinterpret<f32>(reinterpret<i32>(a) << by);
}

export function shiftRightBits<T>(a: T, by: i32): T {
  if (isVector<T>()) return i32x4.shr_s(a, by);
  else return reinterpret<f32>(reinterpret<i32>(a) >> by);
}

/** The signed integer in the bits of a, as a number. */
export function convertBits<T>(a: T): T {
  if (isVector<T>()) return f32x4.convert_i32x4_s(a);
  else return <f32>reinterpret<i32>(a);
}
