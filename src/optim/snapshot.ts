import { DataFormatError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import type { ParameterList } from "./parameter-list.ts";

/** A copy of a list's values in the engine's memory: to go back to, or to mix with. */
export class Snapshot {
  readonly #parameters: ParameterList;
  readonly #values: Tensor;

  /** Takes the values as they are now. */
  constructor(parameters: ParameterList) {
    this.#parameters = parameters;
    this.#values = parameters.engine.tensor(0, [parameters.size], { persistent: true });
    this.take();
  }

  take(): void {
    const { engine, pointer } = this.#parameters;
    engine.core.snapshotTake(pointer, this.#address());
  }

  restore(): void {
    const { engine, pointer } = this.#parameters;
    engine.core.snapshotRestore(pointer, this.#address());
  }

  /** Moves the parameters the share `weight` of the way to the copy: 0 leaves them, 1 restores. */
  mix(weight: number): void {
    const { engine, pointer } = this.#parameters;
    engine.core.snapshotMix(pointer, this.#address(), weight);
  }

  /** The copy as one array, tensors end to end. */
  values(): Float32Array {
    return this.#values.toArray() as Float32Array;
  }

  /** Overwrites the copy. @throws {DataFormatError} if the length is another */
  set(values: Float32Array): void {
    if (values.length !== this.#parameters.size) {
      throw new DataFormatError(
        `snapshot: Cannot load values: expected ${this.#parameters.size}, got ${values.length}`,
      );
    }
    this.#values.set(values);
  }

  dispose(): void {
    this.#values.dispose();
  }

  #address(): number {
    return this.#values.view().byteOffset;
  }
}
