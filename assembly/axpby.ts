/** Mixing whole tensors in place: snapshot, restore and average of parameters, without gradient. */
import { add, mul, read, splat, write } from "./lanes";
import { Tensor } from "./tensor";

/** y = a x + b y; with b = 0 the old y is not read, so NaN in it does no harm. Same size, f32. */
export function axpby(y: Tensor, a: f32, x: Tensor, b: f32): void {
  if (ASC_FEATURE_SIMD) axpbyBy<v128>(y.data, a, x.data, b, y.size);
  else axpbyBy<f32>(y.data, a, x.data, b, y.size);
}

function axpbyBy<T>(y: usize, a: f32, x: usize, b: f32, n: i32): void {
  const end = y + ((<usize>n) << 2);
  const left = splat<T>(a);
  const right = splat<T>(b);
  for (; y < end; y += sizeof<T>(), x += sizeof<T>()) {
    const scaled = mul<T>(left, read<T>(x));
    write<T>(y, b == 0 ? scaled : add<T>(scaled, mul<T>(right, read<T>(y))));
  }
}
