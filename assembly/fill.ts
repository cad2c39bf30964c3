/** Random values in place. Value i depends on (seed, stream, i) alone; both builds run the same scalar code. */
import { Log, SineOfTurns } from "./math";
import { philox } from "./random";
import { Tensor } from "./tensor";

const WORDS = memory.data(16, 16);

/** Word i of the block at hand as a multiple of 2^-24 in [0, 1), as src/random.ts has it. */
function uniformAt(index: i32): f32 {
  return <f32>(load<u32>(WORDS + ((<usize>index) << 2)) >> 8) * <f32>(1.0 / 16777216.0);
}

/** t[i] = low + (high - low) u_i. */
export function fillUniform(t: Tensor, low: f32, high: f32, seed: u32, stream: u32): void {
  const width = high - low;
  for (let i = 0; i < t.size; i++) {
    if ((i & 3) == 0) philox(i >>> 2, 0, seed, stream, WORDS);
    store<f32>(t.data + ((<usize>i) << 2), low + width * uniformAt(i & 3));
  }
}

/**
 * t[i] = mean + deviation z_i with z normal (Box and Muller): of each pair of uniforms u, v the even element is
 * r cos(2 pi (v - 1/2)), the odd one r sin(2 pi (v - 1/2)), with r = sqrt(-2 ln(u + 2^-24)). |z| < 5.8.
 */
export function fillNormal(t: Tensor, mean: f32, deviation: f32, seed: u32, stream: u32): void {
  for (let i = 0; i < t.size; i++) {
    if ((i & 3) == 0) philox(i >>> 2, 0, seed, stream, WORDS);
    const radius = sqrt<f32>(-2 * Log.of<f32>(uniformAt(i & 2) + <f32>(1.0 / 16777216.0)));
    const turn = uniformAt((i & 2) + 1) - 0.5;
    const wave = SineOfTurns.of<f32>((i & 1) == 0 ? 0.25 - abs<f32>(turn) : folded(turn));
    store<f32>(t.data + ((<usize>i) << 2), mean + deviation * (radius * wave));
  }
}

/** The turn from -1/4 to 1/4 that has the sine of `turn`, -1/2 <= turn < 1/2. */
function folded(turn: f32): f32 {
  if (turn > 0.25) return <f32>0.5 - turn;
  if (turn < -0.25) return <f32>-0.5 - turn;
  return turn;
}
