/** Tensor records: where the data lie, their shape and their gradient. Data are contiguous and row-major. */
import {
  F32,
  F64,
  LEAF,
  PERSISTENT,
  REQUIRES_GRAD,
  TENSOR_DATA,
  TENSOR_DIMS,
  TENSOR_DTYPE,
  TENSOR_FLAGS,
  TENSOR_GRAD,
  TENSOR_RANK,
  TENSOR_SIZE,
  TENSOR_STAMP,
} from "../src/engine/abi";
import { Arena, allocArena, allocPersistent, freePersistent } from "./memory";

@unmanaged
export class Tensor {
  data: usize;
  /** Gradient of the same size and type, or 0 where none arrived so far or it was given up. */
  grad: usize;
  /** Elements. From here to dim5 is the shape, which is copied and compared in words of 64 bits. */
  size: i32;
  rank: i32;
  /** Lengths; 0 past the rank. */
  dim0: i32;
  dim1: i32;
  dim2: i32;
  dim3: i32;
  dim4: i32;
  dim5: i32;
  dtype: i32;
  flags: i32;
  /** Which backward pass wrote `grad`; for leaves any value but 0 means that it holds a gradient. */
  stamp: i32;

  /** Length of axis `axis`, 0 <= axis < rank. */
  dim(axis: i32): i32 {
    return load<i32>(changetype<usize>(this) + ((<usize>axis) << 2), TENSOR_DIMS);
  }

  setDim(axis: i32, length: i32): void {
    store<i32>(changetype<usize>(this) + ((<usize>axis) << 2), length, TENSOR_DIMS);
  }

  /** Product of the lengths of axes `from` .. `to - 1`. */
  span(from: i32, to: i32): i32 {
    let product = 1;
    for (let axis = from; axis < to; axis++) product *= this.dim(axis);
    return product;
  }

  get requiresGrad(): bool {
    return (this.flags & REQUIRES_GRAD) != 0;
  }
}

/** Bytes of `size` elements of `dtype`, with room for one whole vector past the end. */
export function dataBytes(dtype: i32, size: i32): usize {
  return (((<usize>size) << (dtype == F64 ? 3 : 2)) + 31) & ~15;
}

/** Bytes of a record, so that data may follow on a 16-byte boundary. */
function recordBytes(): usize {
  return (offsetof<Tensor>() + 15) & ~15;
}

/** A record at `pointer` whose shape is still to be set, with data at `data` and no gradient. */
function initRecord(pointer: usize, dtype: i32, data: usize): Tensor {
  const t = changetype<Tensor>(pointer);
  t.data = data;
  t.grad = 0;
  t.dtype = dtype;
  t.flags = 0;
  t.stamp = 0;
  return t;
}

/** A record in the arena with neither lengths nor data. */
export function newRecord(dtype: i32, rank: i32): Tensor {
  const t = initRecord(allocArena(offsetof<Tensor>()), dtype, 0);
  clearDims(t);
  t.size = 0;
  t.rank = rank;
  return t;
}

/** Sets the size from the dims and allocates the data in the arena, not zeroed. */
export function allocData(t: Tensor): Tensor {
  t.size = t.span(0, t.rank);
  t.data = allocArena(dataBytes(t.dtype, t.size));
  return t;
}

/** A tensor of x's shape and type with data of its own, not zeroed; one allocation, as small ops live on it. */
export function newLike(x: Tensor): Tensor {
  const pointer = Arena.alloc(recordBytes() + dataBytes(x.dtype, x.size));
  const t = initRecord(pointer, x.dtype, pointer + recordBytes());
  copyDims(t, x);
  store<u64>(changetype<usize>(t), load<u64>(changetype<usize>(x), TENSOR_SIZE), TENSOR_SIZE);
  return t;
}

/** f32 scalar (rank 0). */
export function newScalar(): Tensor {
  return allocData(newRecord(F32, 0));
}

/** f32 scalar in the arena that holds `value`, for the host. */
export function newNumber(value: f32): Tensor {
  const pointer = Arena.alloc(recordBytes() + dataBytes(F32, 1));
  const t = initRecord(pointer, F32, pointer + recordBytes());
  clearDims(t);
  t.flags = LEAF;
  t.size = 1;
  t.rank = 0;
  store<f32>(t.data, value);
  return t;
}

/** f32 matrix. */
export function newMatrix(rows: i32, columns: i32): Tensor {
  const t = newRecord(F32, 2);
  t.dim0 = rows;
  t.dim1 = columns;
  return allocData(t);
}

function clearDims(t: Tensor): void {
  const record = changetype<usize>(t);
  store<u64>(record, 0, TENSOR_DIMS);
  store<u64>(record, 0, TENSOR_DIMS + 8);
  store<u64>(record, 0, TENSOR_DIMS + 16);
}

/** Copies all lengths, two by two: for so few bytes the instruction for blocks is slower. */
export function copyDims(to: Tensor, from: Tensor): void {
  const target = changetype<usize>(to);
  const source = changetype<usize>(from);
  store<u64>(target, load<u64>(source, TENSOR_DIMS), TENSOR_DIMS);
  store<u64>(target, load<u64>(source, TENSOR_DIMS + 8), TENSOR_DIMS + 8);
  store<u64>(target, load<u64>(source, TENSOR_DIMS + 16), TENSOR_DIMS + 16);
}

/** True if both have the same rank and lengths. */
export function sameShape(a: Tensor, b: Tensor): bool {
  const x = changetype<usize>(a);
  const y = changetype<usize>(b);
  return (
    a.rank == b.rank &&
    load<u64>(x, TENSOR_DIMS) == load<u64>(y, TENSOR_DIMS) &&
    load<u64>(x, TENSOR_DIMS + 8) == load<u64>(y, TENSOR_DIMS + 8) &&
    load<u64>(x, TENSOR_DIMS + 16) == load<u64>(y, TENSOR_DIMS + 16)
  );
}

/**
 * Makes a leaf tensor for the host, which writes the data.
 *
 * `flags` are REQUIRES_GRAD and PERSISTENT.
 */
export function createTensor(
  dtype: i32,
  flags: i32,
  rank: i32,
  dim0: i32,
  dim1: i32,
  dim2: i32,
  dim3: i32,
  dim4: i32,
  dim5: i32,
): Tensor {
  const persistent = (flags & PERSISTENT) != 0;
  const record = offsetof<Tensor>();
  const t = changetype<Tensor>(persistent ? allocPersistent(record) : allocArena(record));
  t.grad = 0;
  t.stamp = 0;
  t.dtype = dtype;
  t.flags = flags | LEAF;
  t.rank = rank;
  t.dim0 = dim0;
  t.dim1 = dim1;
  t.dim2 = dim2;
  t.dim3 = dim3;
  t.dim4 = dim4;
  t.dim5 = dim5;
  t.size = t.span(0, rank);
  const bytes = dataBytes(dtype, t.size);
  t.data = persistent ? allocPersistent(bytes) : allocArena(bytes);
  memory.fill(t.data, 0, bytes);
  return t;
}

/** Frees a persistent tensor. */
export function freeTensor(t: Tensor): void {
  const bytes = dataBytes(t.dtype, t.size);
  freePersistent(t.data, bytes);
  if (t.grad != 0) freePersistent(t.grad, bytes);
  freePersistent(changetype<usize>(t), offsetof<Tensor>());
}

/** Panics if a record's layout is not the one that the host reads. */
export function checkLayout(): void {
  assert(offsetof<Tensor>("data") == TENSOR_DATA, "layout: data");
  assert(offsetof<Tensor>("grad") == TENSOR_GRAD, "layout: grad");
  assert(offsetof<Tensor>("size") == TENSOR_SIZE, "layout: size");
  assert(offsetof<Tensor>("rank") == TENSOR_RANK, "layout: rank");
  assert(offsetof<Tensor>("dtype") == TENSOR_DTYPE, "layout: dtype");
  assert(offsetof<Tensor>("flags") == TENSOR_FLAGS, "layout: flags");
  assert(offsetof<Tensor>("stamp") == TENSOR_STAMP, "layout: stamp");
  assert(offsetof<Tensor>("dim0") == TENSOR_DIMS, "layout: dims");
}
