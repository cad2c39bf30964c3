import type { Engine } from "./engine.ts";
import type { Tensor } from "./tensor.ts";

export interface GradcheckOptions {
  /** Step of the differences, relative to max(1, |x|); default 1/128. Small steps drown in the rounding of f32. */
  step?: number;
  /** Largest error that passes, relative to max(1, |gradient|); default 0.01. */
  tolerance?: number;
}

export interface GradcheckReport {
  readonly passed: boolean;
  /** The largest error, relative to max(1, |gradient|), and where it is. NaN counts as the largest. */
  readonly error: number;
  readonly input: number;
  readonly element: number;
  readonly expected: number;
  readonly got: number;
}

/**
 * Holds the gradients of `f` against central differences. The result of `f` is weighted by numbers that differ from
 * element to element and summed in f64. Choose inputs away from kinks by more than the step.
 *
 * @param f - makes a tensor of f32 tensors; called twice per element of the inputs
 * @param inputs - values and shape of each input
 */
export function gradcheck(
  engine: Engine,
  f: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly { values: readonly number[]; shape: readonly number[] }[],
  { step = 1 / 128, tolerance = 0.01 }: GradcheckOptions = {},
): GradcheckReport {
  const values = inputs.map((input) => Float32Array.from(input.values));
  const leaves = (requiresGrad: boolean) =>
    values.map((x, i) => engine.tensor(x, inputs[i]?.shape, { requiresGrad }));
  const loss = (): number =>
    engine.scope(() => {
      const y = engine.noGrad(() => Float64Array.from(f(leaves(false)).toArray()));
      return y.reduce((sum, v, i) => sum + v * weight(i), 0);
    });
  const gradients = engine.scope(() => {
    const x = leaves(true);
    const y = f(x);
    engine.backward(
      y,
      engine.tensor(
        Float32Array.from({ length: y.size }, (_, i) => weight(i)),
        y.shape,
      ),
    );
    return x.map((leaf) => engine.gradient(leaf)?.slice() ?? new Float32Array(leaf.size));
  });
  let worst: GradcheckReport = {
    passed: true,
    error: 0,
    input: 0,
    element: 0,
    expected: 0,
    got: 0,
  };
  values.forEach((x, input) => {
    x.forEach((original, element) => {
      const h = step * Math.max(1, Math.abs(original));
      x[element] = original + h;
      const above = loss();
      const up = x[element] as number;
      x[element] = original - h;
      const below = loss();
      const expected = (above - below) / (up - (x[element] as number));
      x[element] = original;
      const got = gradients[input]?.[element] as number;
      const error = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
      if (error <= worst.error || Number.isNaN(worst.error)) return;
      worst = { passed: error <= tolerance, error, input, element, expected, got };
    });
  });
  return worst;
}

/** Weights from -1 to 1 that repeat only after 11 elements, so no shift by vectors goes unseen. */
function weight(i: number): number {
  return ((i * 7) % 11) / 5 - 1;
}
