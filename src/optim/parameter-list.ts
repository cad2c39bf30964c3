import { PERSISTENT, REQUIRES_GRAD, TENSOR_FLAGS } from "../engine/abi.ts";
import type { Engine } from "../engine/engine.ts";
import { DataFormatError, OptionError, UseAfterFreeError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";

/** A parameter with settings of its own. */
export interface ParameterSettings {
  readonly tensor: Tensor;
  /** Factor of the learning rate; default 1. */
  readonly rate?: number;
  /** Factor of the weight decay; default 1, 0 switches it off. */
  readonly decay?: number;
}

/** A persistent tensor that takes gradients, alone or with settings of its own. */
export type Parameter = Tensor | ParameterSettings;

/** Named arrays that a checkpoint stores and that bring an object back exactly. */
export type StateArrays = Readonly<Record<string, Float32Array | Float64Array | Int32Array>>;

/**
 * Persistent tensors that are stepped, cleared, clipped, saved and mixed together, one call of the core each.
 * It does not own the tensors; it owns `slots` (0 .. 2) buffers of optimizer state for each.
 */
export class ParameterList {
  readonly engine: Engine;
  readonly tensors: readonly Tensor[];
  /** Number of values of all parameters. */
  readonly size: number;
  #pointer: number;

  /** @throws {OptionError} if a tensor is not persistent or takes no gradients, or if there is none */
  constructor(parameters: Iterable<Parameter>, slots = 0) {
    const entries = Array.from(parameters, (p) => ("tensor" in p ? p : { tensor: p }));
    const [first] = entries;
    if (first === undefined) {
      throw new OptionError("parameters: Cannot make a list: expected at least 1 tensor, got none");
    }
    const flags = PERSISTENT | REQUIRES_GRAD;
    for (const { tensor } of entries) {
      if ((tensor.field(TENSOR_FLAGS) & flags) !== flags) {
        throw new OptionError(
          "parameters: Cannot train a tensor: expected one made with { persistent: true, requiresGrad: true }, got another",
        );
      }
    }
    this.engine = first.tensor.engine;
    this.tensors = entries.map(({ tensor }) => tensor);
    this.size = this.tensors.reduce((sum, tensor) => sum + tensor.size, 0);
    const { core } = this.engine;
    this.#pointer = core.parameterListCreate(entries.length);
    entries.forEach(({ tensor, rate = 1, decay = 1 }, i) => {
      core.parameterListSet(this.#pointer, i, tensor.pointer, slots, rate, decay);
    });
  }

  /** Address of the list in the core. @throws {UseAfterFreeError} if it, or one of its tensors, is gone */
  get pointer(): number {
    if (this.#pointer === 0 || !this.tensors.every((tensor) => tensor.life.alive)) {
      throw new UseAfterFreeError(
        "parameters: Cannot use a list that was disposed: expected live parameters, got freed ones",
      );
    }
    return this.#pointer;
  }

  /** Forgets all gradients. */
  clearGradients(): void {
    this.engine.core.clearGrads(this.pointer);
  }

  /** {@link clearGradients}, and their memory is free for others until new ones arrive. */
  releaseGradients(): void {
    this.engine.core.freeGrads(this.pointer);
  }

  /** A frozen parameter takes no step; all of the list, or those at the given positions. */
  freeze(frozen: boolean, positions: Iterable<number> = this.tensors.keys()): void {
    for (const i of positions) {
      this.engine.core.parameterListFreeze(this.pointer, i, Number(frozen));
    }
  }

  /** Steps that each parameter has taken. */
  steps(): Int32Array {
    return Int32Array.from(this.tensors, (_, i) =>
      this.engine.core.parameterListSteps(this.pointer, i),
    );
  }

  setSteps(steps: StateArrays[string] | undefined, beta0 = 1, beta1 = 1): void {
    checkLength("steps", steps, this.tensors.length);
    const wrong = steps.find((count) => !(Number.isInteger(count) && count >= 0));
    if (wrong !== undefined) {
      throw new DataFormatError(
        `state: Cannot load "steps": expected whole numbers >= 0, got ${wrong}`,
      );
    }
    steps.forEach((count, i) => {
      this.engine.core.parameterListSetSteps(this.pointer, i, count, beta0, beta1);
    });
  }

  /** State buffers of one slot, end to end. */
  slot(slot: number): Float32Array {
    const out = new Float32Array(this.size);
    this.#eachSlot(slot, (view, offset) => out.set(view, offset));
    return out;
  }

  setSlot(name: string, slot: number, values: StateArrays[string] | undefined): void {
    checkLength(name, values, this.size);
    this.#eachSlot(slot, (view, offset) => {
      view.set(values.subarray(offset, offset + view.length));
    });
  }

  #eachSlot(slot: number, visit: (view: Float32Array, offset: number) => void): void {
    let offset = 0;
    this.tensors.forEach((tensor, i) => {
      const pointer = this.engine.core.parameterListState(this.pointer, i, slot);
      visit(this.engine.viewAt(pointer, 0, tensor.size) as Float32Array, offset);
      offset += tensor.size;
    });
  }

  /** Frees the list and its optimizer state, not the tensors; twice is once. */
  dispose(): void {
    if (this.#pointer === 0) return;
    this.engine.core.parameterListFree(this.#pointer);
    this.#pointer = 0;
  }
}

function checkLength<T extends StateArrays[string]>(
  name: string,
  values: T | undefined,
  length: number,
): asserts values is T {
  if (values?.length !== length) {
    throw new DataFormatError(
      `state: Cannot load "${name}": expected ${length} values, got ${values?.length ?? "none"}`,
    );
  }
}
