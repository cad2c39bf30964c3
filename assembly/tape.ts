/**
 * Reverse-mode autodiff.
 *
 * An op whose input takes gradients pushes a node with its output, the table index of its own backward function and
 * whatever that function needs. `backward` walks the nodes from the newest to the oldest and calls each whose output
 * received a gradient. The tape stays until its scope ends, so that several passes may run over it.
 */
import { FOREIGN_GRADIENT, LEAF, REQUIRES_GRAD } from "../src/engine/abi";
import { Arena, allocArena, Mark, pushMark, rewind } from "./memory";
import { dataBytes, Tensor } from "./tensor";

/** Base of every op's node; ops add fields by extending it. */
@unmanaged
export class Node {
  previous: usize;
  /** Table index of the backward function: `(node: Node) => void`. */
  backward: i32;
  out: Tensor;
}

/** Node of an op with one input. */
@unmanaged
export class UnaryNode extends Node {
  x: Tensor;
}

/** Node of an op with two inputs. */
@unmanaged
export class BinaryNode extends Node {
  a: Tensor;
  b: Tensor;
}

let tape: usize = 0;
let gradEnabled: bool = true;
/** Passes so far, and the one at work. */
let passes: i32 = 0;
let current: i32 = 0;
/** Where the backward pass at work goes on. */
let upcoming: usize = 0;

/** A buffer that the pass at work no longer needs; the record lies in the buffer itself. */
@unmanaged
class Spare {
  next: usize;
  bytes: usize;
}

let spare: usize = 0;

/** Smaller buffers are not worth the search. */
const SPARE_BYTES: usize = 1 << 12;

@unmanaged
class Scope extends Mark {
  tape: usize;
  gradEnabled: bool;
}

/** How deep the pass at work is in stretches that are computed again. */
let level: i32 = 0;

/** Above the flags of a result: the level at which it was made. */
const LEVEL_SHIFT: i32 = 8;

/** True if an op on `x` must be recorded. */
export function records(x: Tensor): bool {
  return gradEnabled && (x.flags & REQUIRES_GRAD) != 0;
}

/** Pushes a node of type N for `out` and marks `out` as taking gradients; the op fills in the other fields. */
export function record<N>(out: Tensor, backward: i32): N {
  const node = changetype<Node>(Arena.alloc(offsetof<N>()));
  node.previous = tape;
  node.backward = backward;
  node.out = out;
  tape = changetype<usize>(node);
  out.flags |= REQUIRES_GRAD | (level << LEVEL_SHIFT);
  return changetype<N>(node);
}

/** Records the op with one input that gave `out`, if x takes gradients. */
export function recordUnary(out: Tensor, x: Tensor, backward: i32): void {
  if (records(x)) record<UnaryNode>(out, backward).x = x;
}

/** Records the op with two inputs that gave `out`, if either takes gradients. */
export function recordBinary(out: Tensor, a: Tensor, b: Tensor, backward: i32): void {
  if (!records(a) && !records(b)) return;
  const node = record<BinaryNode>(out, backward);
  node.a = a;
  node.b = b;
}

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
  if (level != 0 && (t.flags & LEAF) == 0 && t.flags >> LEVEL_SHIFT != level) {
    // The pass around this one would never see it.
    abort(FOREIGN_GRADIENT);
  }
  if (t.grad == 0) {
    const bytes = dataBytes(t.dtype, t.size);
    t.grad = bytes < SPARE_BYTES || (t.flags & LEAF) != 0 ? Arena.alloc(bytes) : reuse(bytes);
  }
  t.stamp = current;
  return t.grad;
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
function release(t: Tensor): void {
  const bytes = dataBytes(t.dtype, t.size);
  if (bytes < SPARE_BYTES) return;
  changetype<Spare>(t.grad).next = spare;
  changetype<Spare>(t.grad).bytes = bytes;
  spare = t.grad;
  t.grad = 0;
  t.stamp = 0;
}

/** As `gradBuffer`, for contributions that always add: zeroed at the first touch. */
export function gradSum(t: Tensor): usize {
  const fresh = !hasGrad(t);
  const grad = gradBuffer(t);
  if (fresh) memory.fill(grad, 0, dataBytes(t.dtype, t.size));
  return grad;
}

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
    release(node.out);
  }
  return -1;
}

/** Gives `t` its gradient; `stepBackward` does the rest, node by node, for a host that wants to look on. */
export function startBackward(t: Tensor, seed: Tensor | null): void {
  current = ++passes;
  // Those of an earlier pass may have gone with their scope.
  spare = 0;
  const grad = gradBuffer(t);
  if (seed !== null) memory.copy(grad, seed.data, (<usize>t.size) << 2);
  else for (let i = 0; i < t.size; i++) store<f32>(grad + ((<usize>i) << 2), 1);
  upcoming = tape;
}

/** Runs the next node that a gradient reaches; returns its backward function's index, or -1 when none is left. */
export function stepBackward(): i32 {
  while (upcoming != 0) {
    const node = changetype<Node>(upcoming);
    upcoming = node.previous;
    if (!hasGrad(node.out)) continue;
    call_indirect(node.backward, node);
    if (pending < 0) release(node.out);
    return node.backward;
  }
  return -1;
}

/** The newest node, and its backward function's index; 0 and -1 if there is none. */
export function newestNode(): usize {
  return tape;
}

export function newestBackward(): i32 {
  return tape == 0 ? -1 : changetype<Node>(tape).backward;
}

/** Forgets the gradient of a leaf; nothing is written to memory. */
export function clearGrad(t: Tensor): void {
  t.stamp = 0;
}

/** Opens a scope: what is allocated in the arena and recorded from here on goes at `closeScope`. */
export function openScope(): usize {
  const scope = pushMark<Scope>();
  scope.tape = tape;
  scope.gradEnabled = gradEnabled;
  return changetype<usize>(scope);
}

export function closeScope(pointer: usize): void {
  const scope = changetype<Scope>(pointer);
  tape = scope.tape;
  gradEnabled = scope.gradEnabled;
  rewind(scope);
}

/** Turns recording on or off; returns what it was. */
export function setGradEnabled(enabled: bool): bool {
  const before = gradEnabled;
  gradEnabled = enabled;
  return before;
}

/** The host's number of the stretch that the pass has come to; -1 if it is at none. */
let pending: i32 = -1;

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

/** Where a backward pass stands while a stretch is computed again. */
@unmanaged
class Suspended {
  upcoming: usize;
  spare: usize;
  pass: i32;
}

/** Interrupts the pass for a pass over what `suspendBackward` .. `resumeBackward` record. */
export function suspendBackward(): usize {
  const state = changetype<Suspended>(allocArena(offsetof<Suspended>()));
  state.upcoming = upcoming;
  state.spare = spare;
  state.pass = current;
  level++;
  return changetype<usize>(state);
}

export function resumeBackward(pointer: usize): void {
  const state = changetype<Suspended>(pointer);
  upcoming = state.upcoming;
  spare = state.spare;
  current = state.pass;
  level--;
}

/** Whether a stretch is being computed again: what its first run has counted must not be counted twice. */
export function isReplay(): bool {
  return level != 0;
}

export function isGradEnabled(): bool {
  return gradEnabled;
}
