import type { Optimizer } from "./optimizer.ts";
import type { ParameterList, StateArrays } from "./parameter-list.ts";

/** An optimizer whose step over all its parameters is one call of the core. */
export abstract class ListOptimizer implements Optimizer {
  readonly parameters: ParameterList;
  readonly rate: number;

  constructor(parameters: ParameterList, rate: number) {
    this.parameters = parameters;
    this.rate = rate;
  }

  step(rate: number = this.rate): void {
    this.move(rate, 0);
  }

  updates(rate: number = this.rate): void {
    this.move(rate, 1);
  }

  apply(): void {
    const { engine, pointer } = this.parameters;
    engine.core.applyUpdates(pointer);
  }

  clearGradients(): void {
    this.parameters.clearGradients();
  }

  dispose(): void {
    this.parameters.dispose();
  }

  abstract state(): StateArrays;
  abstract load(state: StateArrays): void;

  /** @param updateOnly - 1: the step is held back in the gradients */
  protected abstract move(rate: number, updateOnly: 0 | 1): void;
}
