/**
 * Reverse-mode autodiff.
 *
 * An op whose input takes gradients pushes a node with its output, the table index of its own backward function and
 * whatever that function needs. `backward` walks the nodes from the newest to the oldest and calls each whose output
 * received a gradient. The tape stays until its scope ends, so that several passes may run over it.
 */
import { LEAF, REQUIRES_GRAD } from "../src/engine/abi";
import { allocArena, Mark, pushMark, rewind } from "./memory";
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
let pass: i32 = 0;
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

/** True if an op on `x` must be recorded. */
export function records(x: Tensor): bool {
  return gradEnabled && (x.flags & REQUIRES_GRAD) != 0;
}

/** Pushes a node of type N for `out` and marks `out` as taking gradients; the op fills in the other fields. */
export function record<N>(out: Tensor, backward: i32): N {
  const node = changetype<Node>(allocArena(offsetof<N>()));
  node.previous = tape;
  node.backward = backward;
  node.out = out;
  tape = changetype<usize>(node);
  out.flags |= REQUIRES_GRAD;
  return changetype<N>(node);
}

/** True if `t` already holds a gradient of this pass (leaves: of any pass since it was cleared). */
export function hasGrad(t: Tensor): bool {
  return (t.flags & LEAF) != 0 ? t.stamp != 0 : t.stamp == pass;
}

/**
 * The buffer for a contribution to the gradient of `t`.
 *
 * Ask `hasGrad(t)` before: if it was false the buffer holds garbage and the contribution must be stored, else added.
 */
export function gradBuffer(t: Tensor): usize {
  if (t.grad == 0) {
    const bytes = dataBytes(t.dtype, t.size);
    t.grad = bytes < SPARE_BYTES || (t.flags & LEAF) != 0 ? allocArena(bytes) : reuse(bytes);
  }
  t.stamp = pass;
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
export function backward(t: Tensor, seed: Tensor | null): void {
  startBackward(t, seed);
  while (stepBackward() >= 0) {}
}

/** Gives `t` its gradient; `stepBackward` does the rest, node by node, for a host that wants to look on. */
export function startBackward(t: Tensor, seed: Tensor | null): void {
  pass++;
  const grad = gradBuffer(t);
  if (seed !== null) memory.copy(grad, seed.data, (<usize>t.size) << 2);
  else for (let i = 0; i < t.size; i++) store<f32>(grad + ((<usize>i) << 2), 1);
  upcoming = tape;
  // Those of an earlier pass may have gone with their scope.
  spare = 0;
}

/** Runs the next node that a gradient reaches; returns its backward function's index, or -1 when none is left. */
export function stepBackward(): i32 {
  while (upcoming != 0) {
    const node = changetype<Node>(upcoming);
    upcoming = node.previous;
    if (!hasGrad(node.out)) continue;
    call_indirect(node.backward, node);
    release(node.out);
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
