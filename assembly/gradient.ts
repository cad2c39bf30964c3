/**
 * Gradients of tensors during a backward pass: where they lie and whether this pass has written to them.
 *
 * The gradient of an op's result is needed until the op has passed it on; its buffer then serves another of its size.
 */
import { FOREIGN_GRADIENT, LEAF, PERSISTENT } from "../src/engine/abi";
import { Arena, allocArena, allocPersistent, freePersistent } from "./memory";
import { isOfThisStretch } from "./tape";
import { dataBytes, Tensor } from "./tensor";

/** Passes so far, and the one at work. */
let passes: i32 = 0;
let current: i32 = 0;

/** A buffer that the pass at work no longer needs; the record lies in the buffer itself. */
@unmanaged
class Spare {
  next: usize;
  bytes: usize;
}

let spare: usize = 0;

/** Gradients of fewer numbers are not worth the search. */
const SPARE_SIZE: i32 = 1 << 10;

/** True if `t` already holds a gradient of this pass (leaves: of any pass since it was cleared). */
export function hasGrad(t: Tensor): bool {
  return (t.flags & LEAF) != 0 ? t.stamp != 0 : t.stamp == current;
}

/**
 * The buffer for a contribution to the gradient of `t`.
 *
 * Ask `hasGrad(t)` before: if it was false the buffer holds garbage and the contribution must be stored, else added.
 */
export function gradBuffer(t: Tensor): usize {
  if ((t.flags & LEAF) == 0 && !isOfThisStretch(t)) {
    // The pass around this one would never see it.
    abort(FOREIGN_GRADIENT);
  }
  if (t.grad == 0) {
    const bytes = dataBytes(t.dtype, t.size);
    // A parameter's outlives the scope.
    if ((t.flags & PERSISTENT) != 0) t.grad = allocPersistent(bytes);
    else t.grad = t.size < SPARE_SIZE || (t.flags & LEAF) != 0 ? Arena.alloc(bytes) : reuse(bytes);
  }
  t.stamp = current;
  return t.grad;
}

/** As `gradBuffer`, for contributions that always add: zeroed at the first touch. */
export function gradSum(t: Tensor): usize {
  const fresh = !hasGrad(t);
  const grad = gradBuffer(t);
  if (fresh) memory.fill(grad, 0, dataBytes(t.dtype, t.size));
  return grad;
}

/** A spare buffer of exactly `bytes`, or a new one. */
function reuse(bytes: usize): usize {
  let previous: usize = 0;
  for (let at = spare; at != 0; at = changetype<Spare>(at).next) {
    if (changetype<Spare>(at).bytes == bytes) {
      const next = changetype<Spare>(at).next;
      if (previous == 0) spare = next;
      else changetype<Spare>(previous).next = next;
      return at;
    }
    previous = at;
  }
  return allocArena(bytes);
}

/** Gives up the gradient of an op's result, once the op has passed it on. */
export function releaseGrad(t: Tensor): void {
  if (t.size < SPARE_SIZE) return;
  changetype<Spare>(t.grad).next = spare;
  changetype<Spare>(t.grad).bytes = dataBytes(t.dtype, t.size);
  spare = t.grad;
  t.grad = 0;
  t.stamp = 0;
}

/** Forgets the gradient of a leaf; nothing is written to memory. */
export function clearGrad(t: Tensor): void {
  t.stamp = 0;
}

/** Forgets the gradient of a parameter and frees its buffer, where that is worth the next allocation. */
export function freeGrad(t: Tensor): void {
  t.stamp = 0;
  if (t.grad == 0 || t.size < SPARE_SIZE) return;
  freePersistent(t.grad, dataBytes(t.dtype, t.size));
  t.grad = 0;
}

/** Begins a pass: results have no gradients. */
export function beginPass(): void {
  current = ++passes;
  // Those of an earlier pass may have gone with their scope.
  spare = 0;
}

/** What is kept of a pass while another one runs. */
@unmanaged
export class Pass {
  number: i32;
  spare: usize;
}

export function savePass(pass: Pass): void {
  pass.number = current;
  pass.spare = spare;
}

export function restorePass(pass: Pass): void {
  current = pass.number;
  spare = pass.spare;
}
