/**
 * NumPy's broadcasting of two operands, as nested loops over as few axes as possible.
 *
 * Neighbouring axes that both operands walk in the same way are merged and axes of length 1 dropped. So [n, d] with [d]
 * is n rows, [n, 1] with [n, d] likewise, with step 0 in an operand that has one number for the row. `zip` and `zipGrad`
 * take row after row; where a row's numbers lie is the same for all functors.
 * The plan is made anew for each use: it is cheaper than keeping it on the tape.
 */
import { MAX_RANK } from "../src/engine/abi";
import { zipRow } from "./kernels/zip";
import { zipGradRow } from "./kernels/zip-grad";
import { allocData, newRecord, Tensor } from "./tensor";

/** An axis of the plan; steps in bytes, 0 where the operand repeats. */
@unmanaged
class Axis {
  length: i32;
  outStep: i32;
  aStep: i32;
  bStep: i32;
  /** Index of the row at hand. */
  at: i32;
}

const AXIS_BYTES = 20;
/** Axes from the innermost, which is the row, to the outermost. */
const AXES = memory.data(AXIS_BYTES * MAX_RANK);
let count = 0;
/** Where the row at hand starts, in bytes from the start of the data. */
let outAt: usize = 0;
let aAt: usize = 0;
let bAt: usize = 0;

function axisAt(index: i32): Axis {
  return changetype<Axis>(AXES + <usize>index * AXIS_BYTES);
}

/** Length of the axis that is `fromEnd` axes before the last; 1 if there is none. */
function lengthFromEnd(t: Tensor, fromEnd: i32): i32 {
  const axis = t.rank - 1 - fromEnd;
  return axis < 0 ? 1 : t.dim(axis);
}

/** A tensor of the shape that a and b have together, its data not set; null if they do not fit. */
export function newBroadcast(a: Tensor, b: Tensor): Tensor | null {
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

/** Plans the rows and comes to the first; there must be one. */
function plan(out: Tensor, a: Tensor, b: Tensor): void {
  count = 0;
  outAt = aAt = bAt = 0;
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
  axis.at = 0;
}

/** Goes on to the next row; false if that was the last. */
function nextRow(): bool {
  for (let index = 1; index < count; index++) {
    const axis = axisAt(index);
    outAt += axis.outStep;
    aAt += axis.aStep;
    bAt += axis.bStep;
    if (++axis.at < axis.length) return true;
    axis.at = 0;
    outAt -= axis.length * axis.outStep;
    aAt -= axis.length * axis.aStep;
    bAt -= axis.length * axis.bStep;
  }
  return false;
}

/** out = F.value(a, b). */
export function zip<F>(out: Tensor, a: Tensor, b: Tensor): void {
  if (out.size == 0) return;
  plan(out, a, b);
  const row = axisAt(0);
  do {
    zipRow<F>(out.data + outAt, a.data + aAt, b.data + bAt, row.length, row.aStep, row.bStep);
  } while (nextRow());
}

/** d += F.gradient(dy, own, other, y), summed over the axes along which own repeats; stored if `sum` is false. */
export function zipGrad<F>(d: usize, out: Tensor, own: Tensor, other: Tensor, sum: bool): void {
  if (out.size == 0) return;
  plan(out, own, other);
  const row = axisAt(0);
  do {
    zipGradRow<F>(
      d + aAt,
      out.grad + outAt,
      own.data + aAt,
      other.data + bAt,
      out.data + outAt,
      row.length,
      row.aStep,
      row.bStep,
      sum,
    );
  } while (nextRow());
}
