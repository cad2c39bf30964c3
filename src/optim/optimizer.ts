import type { ParameterList, StateArrays } from "./parameter-list.ts";

/**
 * Moves a list of parameters along their gradients. A parameter without a gradient since the last
 * {@link Optimizer.clearGradients} takes no part: neither momentum nor weight decay touches it.
 */
export interface Optimizer {
  readonly parameters: ParameterList;
  /** Learning rate that a step takes when none is given. */
  readonly rate: number;
  /** One whole step: parameter -= u. */
  step(rate?: number): void;
  /**
   * The same step held back: u, with learning rate, momentum, scaling and decay in it, replaces the gradient, so that
   * it can be changed (projected) before {@link Optimizer.apply}. `updates(); apply()` gives the bits of `step()`.
   */
  updates(rate?: number): void;
  /** parameter -= u for every step held back; clears those gradients. */
  apply(): void;
  clearGradients(): void;
  /** All that a later step depends on besides the parameters: saved and loaded, training goes on with the same bits. */
  state(): StateArrays;
  /** @throws {DataFormatError} if the state is not of these parameters */
  load(state: StateArrays): void;
  /** Frees the state, not the parameters. */
  dispose(): void;
}
