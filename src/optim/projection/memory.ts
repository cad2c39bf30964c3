import type { StateArrays } from "../parameter-list.ts";

/** Directions of the feature space that were met, and the projector P made of them. */
export interface ProjectionMemory {
  /** True where a step's own features are taken in before its projection, not after it. */
  readonly remembersFirst: boolean;
  /**
   * u <- u P for a step of `modality`.
   *
   * @param u - address of f32 [rows, width] in the core
   */
  project(u: number, rows: number, modality: string): void;
  /**
   * Takes in the directions of one step.
   *
   * @param vectors - address of f32 [count, width] in the core
   * @param alpha - above 0; each direction f adds f f' / alpha to the inverse of P
   */
  remember(modality: string, vectors: number, count: number, alpha: number): void;
  /** Back to P = I. */
  forget(): void;
  state(): StateArrays;
  load(state: StateArrays): void;
  dispose(): void;
}
