import { formatNames, OptionError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { checkOperands, shapeError } from "./checks.ts";

export interface MatmulOptions {
  /** Take `a` as [.., k, m]. Default false. */
  transposeA?: boolean;
  /** Take `b` as [.., n, k]. Default false. */
  transposeB?: boolean;
}

/**
 * Matrix product a[.., m, k] b[.., k, n] -> [.., m, n].
 *
 * Leading axes are equal, or one operand is a plain matrix that serves the whole batch; they do not broadcast otherwise.
 * Each element adds its products over k in ascending order.
 *
 * @throws {ShapeError} if an operand has fewer than 2 axes, or the shapes do not fit
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: MatmulOptions = {},
): Tensor {
  checkOperands("matmul", a, b);
  if (a.rank < 2 || b.rank < 2) {
    throw shapeError("matmul", "Cannot multiply", "at least 2 axes each", a, b);
  }
  const axisA = a.rank - (transposeA ? 2 : 1);
  const axisB = b.rank - (transposeB ? 1 : 2);
  if (a.shape[axisA] !== b.shape[axisB]) {
    const wanted = `a.shape[${axisA}] = b.shape[${axisB}]`;
    throw shapeError("matmul", "Cannot multiply", wanted, a, b);
  }
  if (a.rank > 2 && b.rank > 2) {
    const sameBatch =
      a.rank === b.rank && a.shape.slice(0, -2).every((length, axis) => length === b.shape[axis]);
    if (!sameBatch) throw shapeError("matmul", "Cannot multiply", "equal leading axes", a, b);
  }
  const { core } = a.engine;
  return a.engine.wrap(core.matmul(a.pointer, b.pointer, Number(transposeA), Number(transposeB)));
}

/** What a fused op applies to its result, by name; the numbers are the core's. */
const ACTIVATIONS = { none: 0, relu: 1 } as const;
export type FusedActivation = keyof typeof ACTIVATIONS;

/** The core's number of a fused activation. @throws {OptionError} listing the valid names */
export function activationCode(where: string, name: FusedActivation): number {
  const code = ACTIVATIONS[name];
  if (code !== undefined) return code;
  throw new OptionError(
    `${where}: Cannot find activation "${name}": expected one of ${formatNames(Object.keys(ACTIVATIONS))}`,
  );
}

export interface LinearOptions {
  /** [out]. Default: none. */
  bias?: Tensor | undefined;
  /** Applied in the same pass. Default "none". */
  activation?: FusedActivation;
}

/**
 * activation(x weight' + bias): x[.., in], weight[out, in] -> [.., out].
 *
 * @throws {ShapeError} if x has no axis, or weight or bias do not fit
 */
export function linear(
  x: Tensor,
  weight: Tensor,
  { bias, activation = "none" }: LinearOptions = {},
): Tensor {
  checkOperands("linear", x, weight, bias);
  const inputs = x.shape.at(-1);
  if (inputs === undefined || weight.rank !== 2 || weight.shape[1] !== inputs) {
    const wanted = "x [.., in] and weight [out, in]";
    throw shapeError("linear", "Cannot apply the weight", wanted, x, weight);
  }
  if (bias !== undefined && (bias.rank !== 1 || bias.size !== weight.shape[0])) {
    throw shapeError("linear", "Cannot add the bias", `[${weight.shape[0]}]`, bias);
  }
  const code = activationCode("linear", activation);
  const { core } = x.engine;
  return x.engine.wrap(core.linear(x.pointer, weight.pointer, bias?.pointer ?? 0, code));
}
