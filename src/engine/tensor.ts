import {
  F32,
  F64,
  I32,
  MAX_RANK,
  PERSISTENT,
  REQUIRES_GRAD,
  TENSOR_DATA,
  TENSOR_DIMS,
  TENSOR_DTYPE,
  TENSOR_FLAGS,
  TENSOR_RANK,
  TENSOR_SIZE,
} from "./abi.ts";
import type { Engine } from "./engine.ts";
import { formatShape, ShapeError, UseAfterFreeError } from "./errors.ts";

/** What a tensor lives as long as: a scope, or itself when it is persistent. */
export interface Life {
  alive: boolean;
}

/** Arrays that tensors are read as. */
export type TensorData =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** How a tensor is made. */
export interface TensorOptions {
  dtype?: DType;
  requiresGrad?: boolean;
  /** Lives until `dispose()` instead of to the end of the scope. */
  persistent?: boolean;
}

/**
 * Handle of a tensor in the engine's memory: contiguous, row-major, f32 (i32 for indices and labels, f64 for a few
 * primitives). It lives until its scope ends, or until {@link Tensor.dispose} if it is persistent; used later it
 * throws {@link UseAfterFreeError}.
 */
export class Tensor {
  readonly engine: Engine;
  readonly life: Life;
  readonly #pointer: number;
  #shape: readonly number[] | undefined;

  constructor(engine: Engine, pointer: number, life: Life) {
    this.engine = engine;
    this.life = life;
    this.#pointer = pointer;
  }

  /** Address of the record in the core's memory. @throws {UseAfterFreeError} */
  get pointer(): number {
    if (!this.life.alive) throw freed();
    return this.#pointer;
  }

  get shape(): readonly number[] {
    if (this.#shape === undefined) {
      const rank = this.field(TENSOR_RANK);
      const shape: number[] = [];
      for (let axis = 0; axis < rank; axis++) shape.push(this.field(TENSOR_DIMS + 4 * axis));
      this.#shape = shape;
    }
    return this.#shape;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.field(TENSOR_SIZE);
  }

  get requiresGrad(): boolean {
    return (this.field(TENSOR_FLAGS) & REQUIRES_GRAD) !== 0;
  }

  /** A 32-bit field of the record. */
  field(offset: number): number {
    return this.engine.i32[((this.pointer >>> 0) + offset) >>> 2] as number;
  }

  /** The elements in the engine's memory: valid until the engine's next call. */
  view(): TensorData {
    return this.engine.viewAt(this.field(TENSOR_DATA), this.field(TENSOR_DTYPE), this.size);
  }

  /** A copy of the elements, row-major. */
  toArray(): TensorData {
    return this.view().slice() as TensorData;
  }

  /** The element of a tensor of one element. @throws {ShapeError} */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: Cannot read one number: expected 1 element, got shape ${formatShape(this.shape)}`,
      );
    }
    if (this.field(TENSOR_DTYPE) !== F32) return this.view()[0] as number;
    return this.engine.f32[this.field(TENSOR_DATA) >>> 2] as number;
  }

  /** Overwrites the elements. @throws {ShapeError} if the counts differ */
  set(values: ArrayLike<number>): this {
    if (values.length !== this.size) {
      throw new ShapeError(
        `set: Cannot fill shape ${formatShape(this.shape)}: expected ${this.size} values, got ${values.length}`,
      );
    }
    this.view().set(values);
    return this;
  }

  /** Frees a persistent tensor; twice is once. Tensors of a scope go with it. */
  dispose(): void {
    this.engine.free(this, this.#pointer);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Apart, so that reading a pointer is short enough to be compiled into its callers. */
function freed(): UseAfterFreeError {
  return new UseAfterFreeError(
    "tensor: Cannot use a tensor whose scope has ended: expected a live tensor, got a freed one",
  );
}

/** {@link Engine.tensor} with the life that it is to have. */
export function makeTensor(
  engine: Engine,
  life: Life,
  values: ArrayLike<number> | number,
  shape: readonly number[] | undefined,
  { dtype = "f32", requiresGrad = false, persistent = false }: TensorOptions,
): Tensor {
  const lengths = shape ?? (typeof values === "number" ? [] : [values.length]);
  const size = shapeSize("tensor", lengths);
  if (typeof values !== "number" && values.length !== size) {
    throw new ShapeError(
      `tensor: Cannot fill shape ${formatShape(lengths)}: expected ${size} values, got ${values.length}`,
    );
  }
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0] = lengths;
  const flags = (requiresGrad ? REQUIRES_GRAD : 0) | (persistent ? PERSISTENT : 0);
  const type = DTYPES[dtype];
  const pointer = engine.core.createTensor(type, flags, lengths.length, d0, d1, d2, d3, d4, d5);
  const tensor = new Tensor(engine, pointer, life);
  if (typeof values !== "number") tensor.view().set(values);
  else if (values !== 0) tensor.view().fill(values);
  return tensor;
}

/** Number of elements of a shape. @throws {ShapeError} if an axis is no whole number >= 0 or there are too many */
export function shapeSize(where: string, shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) {
    if (!Number.isInteger(length) || length < 0) {
      throw new ShapeError(
        `${where}: Cannot make a tensor: expected whole lengths >= 0, got ${formatShape(shape)}`,
      );
    }
    size *= length;
  }
  if (shape.length > MAX_RANK || size > 0x1fffffff) {
    throw new ShapeError(
      `${where}: Cannot make a tensor: expected at most ${MAX_RANK} axes and 2^29 elements, got ${formatShape(shape)}`,
    );
  }
  return size;
}

/** Element types by name. */
export const DTYPES = { f32: 0, i32: I32, f64: F64 } as const;
export type DType = keyof typeof DTYPES;
