/**
 * NumPy's broadcasting of two operands, as nested loops over as few axes as possible.
 *
 * Neighbouring axes that both operands walk in the same way are merged and axes of length 1 dropped. So operands of the
 * same shape become one row, a scalar is a row with step 0, [n, d] with [d] is n rows, [n, 1] with [n, d] likewise.
 * The plan is made anew for each use: it is cheaper than keeping it on the tape.
 */
import { MAX_RANK } from "../src/engine/abi";
import { zipGradRow, zipRow } from "./kernels/zip";
import { allocData, newLike, newRecord, sameShape, Tensor } from "./tensor";

/** An axis of the plan; steps in bytes, 0 where the operand repeats. */
@unmanaged
class Axis {
  length: i32;
  outStep: i32;
  aStep: i32;
  bStep: i32;
}

/** Axes from the innermost to the outermost. */
const AXES = memory.data(<i32>MAX_RANK * 16);
let count = 0;

function axisAt(index: i32): Axis {
  return changetype<Axis>(AXES + ((<usize>index) << 4));
}

/** Length of the axis that is `fromEnd` axes before the last; 1 if there is none. */
function lengthFromEnd(t: Tensor, fromEnd: i32): i32 {
  const axis = t.rank - 1 - fromEnd;
  return axis < 0 ? 1 : t.dim(axis);
}

/** True for one number without axes, which repeats along whatever the other operand has. */
function isNumber(t: Tensor): bool {
  return t.rank == 0;
}

/** A tensor of the shape that a and b have together, its data not set; null if they do not fit. */
export function newBroadcast(a: Tensor, b: Tensor): Tensor | null {
  if (isNumber(b) || sameShape(a, b)) return newLike(a);
  const rank = max<i32>(a.rank, b.rank);
  const out = newRecord(a.dtype, rank);
  for (let fromEnd = 0; fromEnd < rank; fromEnd++) {
    const x = lengthFromEnd(a, fromEnd);
    const y = lengthFromEnd(b, fromEnd);
    if (x != y && x != 1 && y != 1) return null;
    out.setDim(rank - 1 - fromEnd, x == 1 ? y : x);
  }
  return allocData(out);
}

function plan(out: Tensor, a: Tensor, b: Tensor): void {
  count = 0;
  let outStep = 4;
  let aStep = 4;
  let bStep = 4;
  for (let fromEnd = 0; fromEnd < out.rank; fromEnd++) {
    const length = lengthFromEnd(out, fromEnd);
    if (length == 1) continue;
    const aRepeats = lengthFromEnd(a, fromEnd) == 1;
    const bRepeats = lengthFromEnd(b, fromEnd) == 1;
    const inner = axisAt(count - 1);
    if (count > 0 && (inner.aStep == 0) == aRepeats && (inner.bStep == 0) == bRepeats) {
      inner.length *= length;
    } else {
      pushAxis(length, outStep, aRepeats ? 0 : aStep, bRepeats ? 0 : bStep);
    }
    outStep *= length;
    if (!aRepeats) aStep *= length;
    if (!bRepeats) bStep *= length;
  }
  if (count == 0) pushAxis(1, 4, 4, 4);
}

function pushAxis(length: i32, outStep: i32, aStep: i32, bStep: i32): void {
  const axis = axisAt(count++);
  axis.length = length;
  axis.outStep = outStep;
  axis.aStep = aStep;
  axis.bStep = bStep;
}

/** out = F.value(a, b). */
export function zip<F>(out: Tensor, a: Tensor, b: Tensor): void {
  if (a.size == out.size && b.size == out.size) {
    zipRow<F>(out.data, a.data, b.data, out.size, 1, 1);
    return;
  }
  if (isNumber(b)) {
    zipRow<F>(out.data, a.data, b.data, out.size, 1, 0);
    return;
  }
  if (out.size == 0) return;
  plan(out, a, b);
  zipAxis<F>(count - 1, out.data, a.data, b.data);
}

function zipAxis<F>(index: i32, out: usize, a: usize, b: usize): void {
  const axis = axisAt(index);
  if (index == 0) {
    zipRow<F>(out, a, b, axis.length, axis.aStep, axis.bStep);
    return;
  }
  for (let i = 0; i < axis.length; i++) {
    zipAxis<F>(index - 1, out, a, b);
    out += axis.outStep;
    a += axis.aStep;
    b += axis.bStep;
  }
}

/** d += F.gradient(dy, own, other, y), summed over the axes along which own repeats; stored if `sum` is false. */
export function zipGrad<F>(d: usize, out: Tensor, own: Tensor, other: Tensor, sum: bool): void {
  if (isNumber(other)) {
    zipGradRow<F>(d, out.grad, own.data, other.data, out.data, out.size, 1, 0, sum);
    return;
  }
  if (out.size == 0) return;
  plan(out, own, other);
  zipGradAxis<F>(count - 1, d, out.grad, own.data, other.data, out.data, sum);
}

function zipGradAxis<F>(
  index: i32,
  d: usize,
  dy: usize,
  own: usize,
  other: usize,
  y: usize,
  sum: bool,
): void {
  const axis = axisAt(index);
  if (index == 0) {
    zipGradRow<F>(d, dy, own, other, y, axis.length, axis.aStep, axis.bStep, sum);
    return;
  }
  for (let i = 0; i < axis.length; i++) {
    zipGradAxis<F>(index - 1, d, dy, own, other, y, sum);
    d += axis.aStep;
    own += axis.aStep;
    dy += axis.outStep;
    y += axis.outStep;
    other += axis.bStep;
  }
}
