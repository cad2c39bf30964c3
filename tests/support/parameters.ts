import { TENSOR_GRAD, TENSOR_STAMP } from "../../src/engine/abi.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/engine/tensor.ts";

/** A persistent vector (or tensor of `shape`) that takes gradients, with the given one if any. */
export function parameter(
  engine: Engine,
  values: ArrayLike<number>,
  gradient?: ArrayLike<number>,
  shape: readonly number[] = [values.length],
): Tensor {
  const tensor = engine.tensor(values, shape, { persistent: true, requiresGrad: true });
  if (gradient !== undefined) setGradient(tensor, gradient);
  return tensor;
}

/** Gives `tensor` a gradient as a backward pass would. */
export function setGradient(tensor: Tensor, gradient: ArrayLike<number>): void {
  tensor.engine.viewAt(tensor.field(TENSOR_GRAD), 0, tensor.size).set(gradient);
  tensor.engine.i32[(tensor.pointer + TENSOR_STAMP) >> 2] = 1;
}
