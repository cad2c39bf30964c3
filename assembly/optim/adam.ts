import { ParameterList } from "./parameter-list";
import { beginStep, newStep, runStep, StepShare } from "./step-share";

/**
 * One step of Adam (Kingma and Ba, 2015), or of AdamW (Loshchilov and Hutter, 2019) if `decoupled`, as PyTorch
 * defines them: `m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
 * u = rate / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon)`, t counted per parameter.
 * Decay is added to g, or if decoupled `rate decay p` to u.
 *
 * With `updateOnly` the step u replaces the gradient and p stays, until `applyUpdates` subtracts it: the same bits.
 * State slots: m and v.
 */
export function adamStep(
  list: ParameterList,
  rate: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f32,
  decay: f32,
  decoupled: bool,
  updateOnly: bool,
): void {
  for (let i = 0; i < list.count; i++) {
    const entry = beginStep(list, i, updateOnly);
    if (entry === null) continue;
    entry.power0 *= beta1;
    entry.power1 *= beta2;
    const ownRate = rate * <f64>entry.rate;
    const ownDecay = decay * entry.decay;
    const share = newStep<AdamShare>(entry);
    share.m = entry.state0;
    share.v = entry.state1;
    share.rate = <f32>(ownRate / (1 - entry.power0));
    share.correction = <f32>(1 / sqrt(1 - entry.power1));
    share.keep1 = <f32>beta1;
    share.take1 = <f32>(1 - beta1);
    share.keep2 = <f32>beta2;
    share.take2 = <f32>(1 - beta2);
    share.epsilon = epsilon;
    share.decay = decoupled ? 0 : ownDecay;
    share.shrink = decoupled ? <f32>(ownRate * <f64>ownDecay) : 0;
    runStep<AdamLoop, AdamShare>(share);
  }
}

@unmanaged
class AdamShare extends StepShare {
  /** The averages of gradients and of their squares. */
  m: usize;
  v: usize;
  rate: f32;
  correction: f32;
  keep1: f32;
  take1: f32;
  keep2: f32;
  take2: f32;
  epsilon: f32;
  decay: f32;
  shrink: f32;
}

@unmanaged
class AdamLoop {
  run(share: AdamShare, firstLine: i32, endLine: i32, _thread: i32): void {
    adam(share, share.at(firstLine), share.end(endLine));
  }
}

/** The step from `at` bytes past the start of each buffer to `end`, an address in the parameter. */
function adam(share: AdamShare, at: usize, end: usize): void {
  let p = share.p + at;
  let g = share.g + at;
  let m = share.m + at;
  let v = share.v + at;
  const rate = share.rate;
  const correction = share.correction;
  const keep1 = share.keep1;
  const take1 = share.take1;
  const keep2 = share.keep2;
  const take2 = share.take2;
  const epsilon = share.epsilon;
  const decay = share.decay;
  const shrink = share.shrink;
  const updateOnly = share.updateOnly;
  if (ASC_FEATURE_SIMD) {
    const decays = f32x4.splat(decay);
    for (; p < end; p += 16, g += 16, m += 16, v += 16) {
      const value = v128.load(p);
      const gradient = f32x4.add(v128.load(g), f32x4.mul(decays, value));
      const mean = f32x4.add(
        f32x4.mul(f32x4.splat(keep1), v128.load(m)),
        f32x4.mul(f32x4.splat(take1), gradient),
      );
      const square = f32x4.add(
        f32x4.mul(f32x4.splat(keep2), v128.load(v)),
        f32x4.mul(f32x4.mul(f32x4.splat(take2), gradient), gradient),
      );
      v128.store(m, mean);
      v128.store(v, square);
      const scale = f32x4.add(
        f32x4.mul(f32x4.sqrt(square), f32x4.splat(correction)),
        f32x4.splat(epsilon),
      );
      const u = f32x4.add(
        f32x4.div(f32x4.mul(f32x4.splat(rate), mean), scale),
        f32x4.mul(f32x4.splat(shrink), value),
      );
      if (updateOnly) v128.store(g, u);
      else v128.store(p, f32x4.sub(value, u));
    }
  } else {
    for (; p < end; p += 4, g += 4, m += 4, v += 4) {
      const value = load<f32>(p);
      const gradient = load<f32>(g) + decay * value;
      const mean = keep1 * load<f32>(m) + take1 * gradient;
      const square = keep2 * load<f32>(v) + take2 * gradient * gradient;
      store<f32>(m, mean);
      store<f32>(v, square);
      const scale = sqrt(square) * correction + epsilon;
      const u = (rate * mean) / scale + shrink * value;
      if (updateOnly) store<f32>(g, u);
      else store<f32>(p, value - u);
    }
  }
}
