import type { Engine } from "../../engine/engine.ts";
import type { StateArrays } from "../parameter-list.ts";
import type { ProjectionMemory } from "./memory.ts";
import { SquareMatrix } from "./square-matrix.ts";

/**
 * All directions, older ones weighing less: P = (I + sum lambda^age f f' / alpha)^-1. The identity never decays, so
 * the eigenvalues of P stay in (0, 1]. What is kept is the inverse of P; each projection solves with it, O(width^3).
 */
export class DecayingInformation implements ProjectionMemory {
  readonly remembersFirst = false;
  readonly #engine: Engine;
  readonly #inverse: SquareMatrix;
  readonly #lambda: number;

  constructor(engine: Engine, width: number, lambda: number) {
    this.#engine = engine;
    this.#inverse = new SquareMatrix(engine, width);
    this.#lambda = lambda;
  }

  project(u: number, rows: number): void {
    this.#engine.core.rightSolve(u, rows, this.#inverse.width, this.#inverse.address, 1);
  }

  remember(_modality: string, vectors: number, count: number, alpha: number): void {
    const { width, address } = this.#inverse;
    for (let i = 0; i < count; i++) {
      const keep = i === 0 ? this.#lambda : 1; // the directions of one step have one age
      const vector = vectors + 4 * i * width;
      this.#engine.core.outerUpdate(address, vector, width, keep, 1 - keep, 1 / alpha);
    }
  }

  forget(): void {
    this.#inverse.reset();
  }

  state(): StateArrays {
    return { information: this.#inverse.values() };
  }

  load(state: StateArrays): void {
    this.#inverse.load("information", state);
  }

  dispose(): void {
    this.#inverse.dispose();
  }
}
