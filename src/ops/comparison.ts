/** Comparisons: 1 where they hold, else 0 (so with NaN). They broadcast, and are constants: no gradient flows. */
import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";
import { binary, operand } from "./elementwise.ts";
import { broadcastTo } from "./shape.ts";

/** a > b. @throws {ShapeError} */
export function greater(a: Tensor, b: Tensor | number): Tensor {
  return binary("greater", a, b, a.engine.core.greater(a.pointer, operand("greater", a, b)));
}

/** a < b. @throws {ShapeError} */
export function less(a: Tensor, b: Tensor | number): Tensor {
  return binary("less", a, b, a.engine.core.less(a.pointer, operand("less", a, b)));
}

/** a = b. @throws {ShapeError} */
export function equal(a: Tensor, b: Tensor | number): Tensor {
  return binary("equal", a, b, a.engine.core.equal(a.pointer, operand("equal", a, b)));
}

/**
 * a where the mask is not 0, else b; they broadcast. The gradient goes to the chosen one, none to the mask.
 *
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} if an operand is not f32 or is of another engine
 */
export function where(mask: Tensor, a: Tensor, b: Tensor): Tensor {
  checkOperands("where", mask, a, b);
  const shape = commonShape(mask, a, b);
  if (shape === undefined) {
    const expected = "lengths equal or 1 from the last axis";
    throw shapeError("where", "Cannot broadcast", expected, mask, a, b);
  }
  const [m, x, y] = [mask, a, b].map((operand) => expand(operand, shape).pointer);
  return a.engine.wrap(a.engine.core.where(m as number, x as number, y as number));
}

/** Shape that the operands have together; undefined if they do not fit. */
function commonShape(...operands: readonly Tensor[]): number[] | undefined {
  const rank = Math.max(...operands.map((x) => x.rank));
  const shape: number[] = [];
  for (let axis = -rank; axis < 0; axis++) {
    const lengths = operands.map((x) => x.shape.at(axis) ?? 1).filter((length) => length !== 1);
    const [length = 1] = lengths;
    if (lengths.some((other) => other !== length)) return undefined;
    shape.push(length);
  }
  return shape;
}

function expand(x: Tensor, shape: readonly number[]): Tensor {
  const same = x.rank === shape.length && shape.every((length, axis) => length === x.shape[axis]);
  return same ? x : broadcastTo(x, shape);
}
