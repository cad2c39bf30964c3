/**
 * The backward pass: from the newest node of the tape to the oldest, the backward function of each whose output received
 * a gradient. Where that is a stretch to be computed again (stretch.ts), the pass stops, and the host goes on with it.
 */
import {
  beginPass,
  gradBuffer,
  hasGrad,
  Pass,
  releaseGrad,
  restorePass,
  savePass,
} from "./gradient";
import { allocArena } from "./memory";
import { changeLevel, Node, newestNode } from "./tape";
import { Tensor } from "./tensor";

/** Where the pass at work goes on. */
let upcoming: usize = 0;
/** The host's number of the stretch that the pass has come to; -1 if it is at none. */
let pending: i32 = -1;

/**
 * One backward pass from `t`, whose gradient is `seed` (a tensor of its shape, or null for ones: a loss is a scalar,
 * so 1). Leaves add up the gradients of all passes until they are cleared.
 */
export function backward(t: Tensor, seed: Tensor | null): i32 {
  startBackward(t, seed);
  return continueBackward();
}

/** Goes on with the pass; returns the host's number of a stretch that it must compute again first, or -1 at the end. */
export function continueBackward(): i32 {
  while (upcoming != 0) {
    const node = changetype<Node>(upcoming);
    upcoming = node.previous;
    if (!hasGrad(node.out)) continue;
    call_indirect(node.backward, node);
    if (pending >= 0) return takeStretch();
    releaseGrad(node.out);
  }
  return -1;
}

/** Gives `t` its gradient; `stepBackward` does the rest, node by node, for a host that wants to look on. */
export function startBackward(t: Tensor, seed: Tensor | null): void {
  beginPass();
  const grad = gradBuffer(t);
  if (seed !== null) memory.copy(grad, seed.data, (<usize>t.size) << 2);
  else for (let i = 0; i < t.size; i++) store<f32>(grad + ((<usize>i) << 2), 1);
  upcoming = newestNode();
}

/** Runs the next node that a gradient reaches; returns its backward function's index, or -1 when none is left. */
export function stepBackward(): i32 {
  while (upcoming != 0) {
    const node = changetype<Node>(upcoming);
    upcoming = node.previous;
    if (!hasGrad(node.out)) continue;
    call_indirect(node.backward, node);
    if (pending < 0) releaseGrad(node.out);
    return node.backward;
  }
  return -1;
}

/** Says, in a backward function, that the host has to compute a stretch again before the pass can go on. */
export function awaitStretch(stretch: i32): void {
  pending = stretch;
}

/** The number of the stretch that `stepBackward` has come to, once; -1 if it is at none. */
export function takeStretch(): i32 {
  const stretch = pending;
  pending = -1;
  return stretch;
}

/** Where a pass stands while a stretch is computed again. */
@unmanaged
class Suspended extends Pass {
  upcoming: usize;
}

/** Interrupts the pass for a pass over what `suspendBackward` .. `resumeBackward` record. */
export function suspendBackward(): usize {
  const state = changetype<Suspended>(allocArena(offsetof<Suspended>()));
  savePass(state);
  state.upcoming = upcoming;
  changeLevel(1);
  return changetype<usize>(state);
}

export function resumeBackward(pointer: usize): void {
  const state = changetype<Suspended>(pointer);
  restorePass(state);
  upcoming = state.upcoming;
  changeLevel(-1);
}
