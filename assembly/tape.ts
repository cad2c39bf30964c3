/**
 * What was computed, for the backward pass.
 *
 * An op whose input takes gradients pushes a node with its output, the table index of its own backward function and
 * whatever that function needs. `backward` walks the nodes from the newest to the oldest (backward.ts). The tape stays
 * until its scope ends, so that several passes may run over it.
 */
import { REQUIRES_GRAD } from "../src/engine/abi";
import { Arena } from "./memory";
import { Tensor } from "./tensor";
import { TRAINS } from "./trains";

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
/** How deep the pass at work is in stretches that are computed again. */
let level: i32 = 0;

/** Above the flags of a result: the level at which it was made. */
const LEVEL_SHIFT: i32 = 8;

/** True if an op on `x` must be recorded. */
export function records(x: Tensor): bool {
  return TRAINS && gradEnabled && (x.flags & REQUIRES_GRAD) != 0;
}

/** Pushes a node of type N for `out` and marks `out` as taking gradients; the op fills in the other fields. */
export function record<N>(out: Tensor, backward: i32): N {
  return Tape.push<N>(out, backward);
}

/** {@link record}, compiled into its callers, as small ops live on it. */
@unmanaged
class Tape {
  @inline
  static push<N>(out: Tensor, backward: i32): N {
    const node = changetype<Node>(Arena.alloc(offsetof<N>()));
    node.previous = tape;
    node.backward = backward;
    node.out = out;
    tape = changetype<usize>(node);
    out.flags |= REQUIRES_GRAD | (level << LEVEL_SHIFT);
    return changetype<N>(node);
  }
}

/** Records the op with one input that gave `out`, if x takes gradients. */
export function recordUnary(out: Tensor, x: Tensor, backward: i32): void {
  if (records(x)) Tape.push<UnaryNode>(out, backward).x = x;
}

/** Records the op with two inputs that gave `out`, if either takes gradients. */
export function recordBinary(out: Tensor, a: Tensor, b: Tensor, backward: i32): void {
  if (!TRAINS || !gradEnabled || ((a.flags | b.flags) & REQUIRES_GRAD) == 0) return;
  const node = Tape.push<BinaryNode>(out, backward);
  node.a = a;
  node.b = b;
}

/** The newest node, and its backward function's index; 0 and -1 if there is none. */
export function newestNode(): usize {
  return tape;
}

export function newestBackward(): i32 {
  return tape == 0 ? -1 : changetype<Node>(tape).backward;
}

/** Forgets all nodes that are newer than `node`. */
export function cutTape(node: usize): void {
  tape = node;
}

/** Turns recording on or off; returns what it was. */
export function setGradEnabled(enabled: bool): bool {
  const before = gradEnabled;
  gradEnabled = enabled;
  return before;
}

export function isGradEnabled(): bool {
  return gradEnabled;
}

/** Enters (1) or leaves (-1) a stretch that is computed again. */
export function changeLevel(by: i32): void {
  level += by;
}

/** Whether a stretch is being computed again: what its first run has counted must not be counted twice. */
export function isReplay(): bool {
  return level != 0;
}

/** Whether the result `t` was made in the stretch that is being computed again, or none is. */
export function isOfThisStretch(t: Tensor): bool {
  return level == 0 || t.flags >> LEVEL_SHIFT == level;
}
