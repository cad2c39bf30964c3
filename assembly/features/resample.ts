import { dotRow } from "../kernels/reduce";

/**
 * A signal at another rate: dst[i] = sum of weights[phase][k] * src[period * down + firsts[phase] + k], k < taps, where
 * i = period * up + phase.
 *
 * @param firsts - i32, per phase
 * @param weights - f32, [up, taps]
 */
export function f32_resample(
  dst: usize,
  src: usize,
  outputs: i32,
  up: i32,
  down: i32,
  firsts: usize,
  weights: usize,
  taps: i32,
): void {
  const row = (<usize>taps) << 2;
  const period = (<usize>down) << 2;
  let phase = 0;
  for (const end = dst + ((<usize>outputs) << 2); dst < end; dst += 4) {
    const from = src + ((<usize>load<i32>(firsts + ((<usize>phase) << 2))) << 2);
    store<f32>(dst, dotRow(from, weights + <usize>phase * row, taps));
    if (++phase == up) {
      phase = 0;
      src += period;
    }
  }
}
