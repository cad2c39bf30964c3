/** What may be done to gradients between the backward pass and the optimizer's step. */
import type { Tensor } from "../engine/tensor.ts";
import { fillNormal } from "../ops/index.ts";

/** Multiplies the gradients that arrived at these parameters. */
export function scaleGradients(parameters: Iterable<Tensor>, factor: number): void {
  for (const tensor of parameters) {
    const gradient = tensor.engine.gradient(tensor);
    if (gradient === undefined) continue;
    for (let i = 0; i < gradient.length; i++) gradient[i] = factor * (gradient[i] as number);
  }
}

/** Forgets the gradients of these parameters: until new ones arrive they take no step, not even by momentum or decay. */
export function clearGradients(parameters: Iterable<Tensor>): void {
  for (const tensor of parameters) tensor.engine.core.clearGrad(tensor.pointer);
}

/** Copies of the gradients that arrived at these parameters, which are forgotten then; undefined where none arrived. */
export function takeGradients(parameters: readonly Tensor[]): (Float32Array | undefined)[] {
  const taken = parameters.map((tensor) => tensor.engine.gradient(tensor)?.slice());
  clearGradients(parameters);
  return taken;
}

/**
 * Adds noise to each gradient that arrived: normally distributed, mean 0, with the deviation of that gradient's own
 * elements. A gradient of one element has none. Depends on (seed, stream, position in the list) alone.
 */
export function addGradientNoise(parameters: Iterable<Tensor>, seed: number, stream: string): void {
  let position = 0;
  for (const tensor of parameters) {
    const { engine } = tensor;
    const key = `${stream}/${position++}`;
    const deviation = deviationOf(engine.gradient(tensor));
    if (deviation === 0) continue;
    engine.scope(() => {
      const noise = fillNormal(engine.tensor(0, tensor.shape), 0, deviation, seed, key).view();
      const gradient = engine.gradient(tensor) as Float32Array;
      for (let i = 0; i < gradient.length; i++) {
        gradient[i] = (gradient[i] as number) + (noise[i] as number);
      }
    });
  }
}

/** Unbiased standard deviation; 0 where there are no two values. */
function deviationOf(values: Float32Array | undefined): number {
  if (values === undefined || values.length < 2) return 0;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / (values.length - 1));
}
