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
    const values = state[name];
    if (values?.length !== this.width * this.width) {
      throw new DataFormatError(
        `projection: Cannot load "${name}": expected ${this.width * this.width} values, got ${values?.length ?? "none"}`,
      );
    }
    this.#tensor.set(values);
  }

  dispose(): void {
    this.#tensor.dispose();
  }
}
