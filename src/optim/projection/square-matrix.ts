import { TENSOR_DATA } from "../../engine/abi.ts";
import type { Engine } from "../../engine/engine.ts";
import { DataFormatError } from "../../engine/errors.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { StateArrays } from "../parameter-list.ts";

/** A float64 matrix [width, width] in the core that starts as the identity. */
export class SquareMatrix {
  readonly width: number;
  readonly #tensor: Tensor;

  constructor(engine: Engine, width: number) {
    this.width = width;
    this.#tensor = engine.tensor(0, [width, width], { persistent: true, dtype: "f64" });
    this.reset();
  }

  get address(): number {
    return this.#tensor.field(TENSOR_DATA);
  }

  reset(): void {
    const view = this.#tensor.view().fill(0);
    for (let i = 0; i < view.length; i += this.width + 1) view[i] = 1;
  }

  values(): Float64Array {
    return this.#tensor.toArray() as Float64Array;
  }

  /** @throws {DataFormatError} if the state has no matrix of this size under `name` */
  load(name: string, state: StateArrays): void {
    loadValues(this.#tensor, name, state);
  }

  dispose(): void {
    this.#tensor.dispose();
  }
}

/**
 * Fills a tensor of a memory from its saved state.
 *
 * @throws {DataFormatError} if the state has not as many values under `name`
 */
export function loadValues(tensor: Tensor, name: string, state: StateArrays): void {
  const values = state[name];
  if (values?.length !== tensor.size) {
    throw new DataFormatError(
      `projection: Cannot load "${name}": expected ${tensor.size} values, got ${values?.length ?? "none"}`,
    );
  }
  tensor.set(values);
}
