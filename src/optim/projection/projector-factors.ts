import { TENSOR_DATA } from "../../engine/abi.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { StateArrays } from "../parameter-list.ts";
import type { ProjectionMemory } from "./memory.ts";
import { loadValues } from "./square-matrix.ts";

/**
 * As `ProjectorMatrix` in a quarter of its memory: P = U D U', U unit upper triangular in float32, four columns of one
 * length after the other (assembly/linalg/factors.ts), D in float64. However it rounds, P stays positive and symmetric.
 */
export class ProjectorFactors implements ProjectionMemory {
  readonly remembersFirst = false;
  readonly #engine: Engine;
  readonly #width: number;
  readonly #factor: Tensor;
  readonly #diagonal: Tensor;

  constructor(engine: Engine, width: number) {
    const blocks = Math.ceil(width / 4);
    this.#engine = engine;
    this.#width = width;
    this.#factor = engine.tensor(0, [8 * blocks * (blocks + 1)], { persistent: true });
    this.#diagonal = engine.tensor(1, [4 * blocks], { persistent: true, dtype: "f64" });
    this.forget();
  }

  project(u: number, rows: number): void {
    this.#engine.core.factorRight(u, rows, this.#width, ...this.#addresses());
  }

  remember(_modality: string, vectors: number, count: number, alpha: number): void {
    const [factor, diagonal] = this.#addresses();
    const width = this.#width;
    for (let i = 0; i < count; i++) {
      this.#engine.core.factorUpdate(factor, diagonal, vectors + 4 * i * width, width, alpha);
    }
  }

  forget(): void {
    const factor = this.#factor.view().fill(0);
    this.#diagonal.view().fill(1);
    for (let down = 4, at = 0; at < factor.length; at += 4 * down, down += 4) {
      for (let c = 0; c < 4; c++) factor[at + c * down + down - 4 + c] = 1;
    }
  }

  state(): StateArrays {
    return { factor: this.#factor.toArray(), diagonal: this.#diagonal.toArray() };
  }

  load(state: StateArrays): void {
    loadValues(this.#factor, "factor", state);
    loadValues(this.#diagonal, "diagonal", state);
  }

  dispose(): void {
    this.#factor.dispose();
    this.#diagonal.dispose();
  }

  #addresses(): [factor: number, diagonal: number] {
    return [this.#factor.field(TENSOR_DATA), this.#diagonal.field(TENSOR_DATA)];
  }
}
