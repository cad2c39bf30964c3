import { add, max, mul, read, splat, write } from "../lanes";
import { Log } from "../math";

/** x[i] = scale * log(max(x[i], floor) + offset), i < n; f32, x with room for a whole vector past its end. */
export function logarithm(x: usize, n: i32, floor: f32, offset: f32, scale: f32): void {
  if (ASC_FEATURE_SIMD) logarithmBy<v128>(x, n, floor, offset, scale);
  else logarithmBy<f32>(x, n, floor, offset, scale);
}

function logarithmBy<T>(x: usize, n: i32, floor: f32, offset: f32, scale: f32): void {
  const end = x + ((<usize>n) << 2);
  for (; x < end; x += sizeof<T>()) {
    const value = add<T>(max<T>(read<T>(x), splat<T>(floor)), splat<T>(offset));
    write<T>(x, mul<T>(Log.of<T>(value), splat<T>(scale)));
  }
}
