import type { Engine } from "../../src/engine/engine.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import type { NdArray } from "./nd-array.ts";

/** Inputs by position; a row knows how many it asked for, so no index is ever missing. */
export type Inputs<T> = readonly [T, T, T, T, T, T];

/** One row of the op table: all that the generic checks of an op need. */
export interface OpCase {
  /** Shapes of the tensor inputs for each length of the sweep 0 .. 33; several variants may be given. */
  readonly shapes: (n: number) => readonly (readonly (readonly number[])[])[];
  readonly run: (inputs: Inputs<Tensor>, engine: Engine, n: number) => Tensor;
  /** The same in float64, straight from the definition. */
  readonly reference: (inputs: Inputs<NdArray>, n: number) => NdArray;
  /** Range that the inputs are drawn from; default [-2, 2]. */
  readonly domain?: readonly [number, number];
  /** Largest error of a value, relative to max(1, |value|). */
  readonly tolerance: number;
  /** Largest error of a gradient, likewise; null: the op has none. Default: 4 x tolerance, at least 1e-5. */
  readonly gradientTolerance?: number | null;
  /** Distance that inputs keep from 0, where the op has a kink. */
  readonly kink?: number;
  /** Lengths of the sweep; default 0 .. 33. */
  readonly lengths?: readonly number[];
}
