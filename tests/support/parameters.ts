import type { Engine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import { mul, sum } from "../../src/ops/index.ts";

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

/** Gives `tensor` a gradient by a backward pass. */
export function setGradient(tensor: Tensor, gradient: ArrayLike<number>): void {
  const { engine } = tensor;
  engine.core.clearGrad(tensor.pointer);
  engine.scope(() => engine.backward(sum(mul(tensor, engine.tensor(gradient, tensor.shape)))));
}
