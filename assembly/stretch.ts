/**
 * Stretches of the forward pass whose results are thrown away and computed again for the backward pass ("gradient
 * checkpointing"): what they take of memory is then their result alone. The host keeps the code, the tape its number.
 */
import { LEAF, MAX_RANK, REQUIRES_GRAD } from "../src/engine/abi";
import { awaitStretch } from "./backward";
import { gradSum } from "./gradient";
import { allocArena, keepPiece, Mark, takePiece } from "./memory";
import { closeScope } from "./scope";
import { Node, record } from "./tape";
import { copyDims, dataBytes, newRecord, Tensor } from "./tensor";

@unmanaged
class StretchNode extends Node {
  stretch: i32;
}

/** Puts `out` on the tape as the result of the host's stretch of that number. */
export function recordStretch(out: Tensor, stretch: i32): void {
  record<StretchNode>(out, stretchBackward.index).stretch = stretch;
}

function stretchBackward(node: StretchNode): void {
  awaitStretch(node.stretch);
}

/** A leaf on the data of `x`; what it receives arrives in the gradient of `x`. */
export function createAlias(x: Tensor): Tensor {
  const alias = newAlias(x, x.data);
  if (x.requiresGrad) {
    alias.flags |= REQUIRES_GRAD;
    alias.grad = gradSum(x);
    alias.stamp = 1;
  }
  return alias;
}

/** A constant on the gradient of `x`. */
export function createGradAlias(x: Tensor): Tensor {
  return newAlias(x, x.grad);
}

function newAlias(x: Tensor, data: usize): Tensor {
  const alias = newRecord(x.dtype, x.rank);
  copyDims(alias, x);
  alias.size = x.size;
  alias.data = data;
  alias.flags = LEAF;
  return alias;
}

/** i32 per axis. */
const KEPT_DIMS = memory.data(4 * MAX_RANK);

/** Closes a scope, and returns one of its tensors, or a copy, in the scope around it. */
export function closeScopeKeeping(scope: usize, x: Tensor): Tensor {
  const data = x.data;
  const size = x.size;
  const dtype = x.dtype;
  const rank = x.rank;
  for (let axis = 0; axis < rank; axis++) store<i32>(KEPT_DIMS + ((<usize>axis) << 2), x.dim(axis));
  const piece = takePiece(changetype<Mark>(scope), data);
  closeScope(scope);
  let copy = data;
  if (piece != 0) keepPiece(piece);
  else {
    // The data may lie where the copy's record will stand: they move first.
    const bytes = dataBytes(dtype, size);
    copy = allocArena(bytes);
    memory.copy(copy, data, bytes);
  }
  const out = newRecord(dtype, rank);
  for (let axis = 0; axis < rank; axis++)
    out.setDim(axis, load<i32>(KEPT_DIMS + ((<usize>axis) << 2)));
  out.size = size;
  out.data = copy;
  return out;
}
