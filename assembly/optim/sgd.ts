import { ParameterList } from "./parameter-list";
import { beginStep, newStep, runStep, StepShare } from "./step-share";

/**
 * One step of stochastic gradient descent, as PyTorch defines it:
 * `g += decay p; v = momentum v + g; u = rate (nesterov ? g + momentum v : v); p -= u`.
 *
 * With `updateOnly` the step u replaces the gradient and p stays, until `applyUpdates` subtracts it: the same bits.
 * State slot 0 is v; without momentum there is none.
 */
export function sgdStep(
  list: ParameterList,
  rate: f64,
  momentum: f32,
  nesterov: bool,
  decay: f32,
  updateOnly: bool,
): void {
  for (let i = 0; i < list.count; i++) {
    const entry = beginStep(list, i, updateOnly);
    if (entry === null) continue;
    const share = newStep<SgdShare>(entry);
    share.v = entry.state0;
    share.rate = <f32>(rate * <f64>entry.rate);
    share.momentum = momentum;
    share.nesterov = nesterov;
    share.decay = decay * entry.decay;
    if (share.v == 0) runStep<Plain, SgdShare>(share);
    else runStep<Heavy, SgdShare>(share);
  }
}

@unmanaged
class SgdShare extends StepShare {
  /** The momentum's velocity or 0. */
  v: usize;
  rate: f32;
  momentum: f32;
  decay: f32;
  nesterov: bool;
}

@unmanaged
class Plain {
  run(share: SgdShare, firstLine: i32, endLine: i32, _thread: i32): void {
    const at = share.at(firstLine);
    const end = share.end(endLine);
    let p = share.p + at;
    let g = share.g + at;
    const rate = share.rate;
    const decay = share.decay;
    const updateOnly = share.updateOnly;
    if (ASC_FEATURE_SIMD) {
      const rates = f32x4.splat(rate);
      const decays = f32x4.splat(decay);
      for (; p < end; p += 16, g += 16) {
        const value = v128.load(p);
        const u = f32x4.mul(rates, f32x4.add(v128.load(g), f32x4.mul(decays, value)));
        if (updateOnly) v128.store(g, u);
        else v128.store(p, f32x4.sub(value, u));
      }
    } else {
      for (; p < end; p += 4, g += 4) {
        const value = load<f32>(p);
        const u = rate * (load<f32>(g) + decay * value);
        if (updateOnly) store<f32>(g, u);
        else store<f32>(p, value - u);
      }
    }
  }
}

@unmanaged
class Heavy {
  run(share: SgdShare, firstLine: i32, endLine: i32, _thread: i32): void {
    const at = share.at(firstLine);
    const end = share.end(endLine);
    let p = share.p + at;
    let g = share.g + at;
    let v = share.v + at;
    const rate = share.rate;
    const decay = share.decay;
    const momentum = share.momentum;
    const nesterov = share.nesterov;
    const updateOnly = share.updateOnly;
    if (ASC_FEATURE_SIMD) {
      const rates = f32x4.splat(rate);
      const decays = f32x4.splat(decay);
      const momenta = f32x4.splat(momentum);
      for (; p < end; p += 16, g += 16, v += 16) {
        const value = v128.load(p);
        const gradient = f32x4.add(v128.load(g), f32x4.mul(decays, value));
        const velocity = f32x4.add(f32x4.mul(momenta, v128.load(v)), gradient);
        v128.store(v, velocity);
        const ahead = nesterov ? f32x4.add(gradient, f32x4.mul(momenta, velocity)) : velocity;
        const u = f32x4.mul(rates, ahead);
        if (updateOnly) v128.store(g, u);
        else v128.store(p, f32x4.sub(value, u));
      }
    } else {
      for (; p < end; p += 4, g += 4, v += 4) {
        const value = load<f32>(p);
        const gradient = load<f32>(g) + decay * value;
        const velocity = momentum * load<f32>(v) + gradient;
        store<f32>(v, velocity);
        const u = rate * (nesterov ? gradient + momentum * velocity : velocity);
        if (updateOnly) store<f32>(g, u);
        else store<f32>(p, value - u);
      }
    }
  }
}
