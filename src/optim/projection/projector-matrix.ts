import type { Engine } from "../../engine/engine.ts";
import type { StateArrays } from "../parameter-list.ts";
import type { ProjectionMemory } from "./memory.ts";
import { SquareMatrix } from "./square-matrix.ts";

/**
 * All directions since the start or the last {@link ProjectorMatrix.forget}: P = (I + sum f f' / alpha)^-1, kept in
 * float64 and updated by the formula of Sherman and Morrison, the recursive least squares of the paper.
 */
export class ProjectorMatrix implements ProjectionMemory {
  readonly remembersFirst = false;
  readonly #engine: Engine;
  readonly #p: SquareMatrix;

  constructor(engine: Engine, width: number) {
    this.#engine = engine;
    this.#p = new SquareMatrix(engine, width);
  }

  project(u: number, rows: number): void {
    this.#engine.core.rightMultiply(u, rows, this.#p.width, this.#p.address);
  }

  remember(_modality: string, vectors: number, count: number, alpha: number): void {
    const { width, address } = this.#p;
    for (let i = 0; i < count; i++) {
      this.#engine.core.shermanMorrison(address, vectors + 4 * i * width, width, 1 / alpha);
    }
  }

  forget(): void {
    this.#p.reset();
  }

  state(): StateArrays {
    return { projector: this.#p.values() };
  }

  load(state: StateArrays): void {
    this.#p.load("projector", state);
  }

  dispose(): void {
    this.#p.dispose();
  }
}
