import type { Engine } from "../../engine/engine.ts";
import { DataFormatError } from "../../engine/errors.ts";
import type { Tensor } from "../../engine/tensor.ts";
import type { StateArrays } from "../parameter-list.ts";
import type { ProjectionMemory } from "./memory.ts";

interface Remembered {
  /** [count, width] */
  readonly vectors: Float32Array;
  readonly alpha: number;
}

const VECTORS = "vectors/";
const ALPHA = "alpha/";

/**
 * The latest directions of each other modality, or (`lastOnly`) of the last step whatever its modality. P is applied
 * through a k x k solve, O(rows width k), without a width x width matrix.
 */
export class RecentVectors implements ProjectionMemory {
  readonly remembersFirst = false;
  readonly #engine: Engine;
  readonly #width: number;
  readonly #lastOnly: boolean;
  readonly #latest = new Map<string, Remembered>();
  #vectors: Tensor | undefined;
  #weights: Tensor | undefined;

  constructor(engine: Engine, width: number, lastOnly: boolean) {
    this.#engine = engine;
    this.#width = width;
    this.#lastOnly = lastOnly;
  }

  project(u: number, rows: number, modality: string): void {
    const used = [...this.#latest]
      .filter(([name]) => this.#lastOnly || name !== modality)
      .sort(([a], [b]) => (a < b ? -1 : 1)) // the same order, and bits, after a load
      .map(([, remembered]) => remembered);
    const count = used.reduce((sum, { vectors }) => sum + vectors.length / this.#width, 0);
    if (count === 0) return;
    const { vectors, weights } = this.#buffers(count);
    const vectorView = vectors.view();
    const weightView = weights.view();
    let row = 0;
    for (const remembered of used) {
      vectorView.set(remembered.vectors, row * this.#width);
      const next = row + remembered.vectors.length / this.#width;
      weightView.fill(1 / remembered.alpha, row, next);
      row = next;
    }
    const { core } = this.#engine;
    core.woodburyRight(u, rows, this.#width, vectorView.byteOffset, count, weightView.byteOffset);
  }

  remember(modality: string, vectors: number, count: number, alpha: number): void {
    if (this.#lastOnly) this.#latest.clear();
    const view = this.#engine.viewAt(vectors, 0, count * this.#width);
    this.#latest.set(modality, { vectors: Float32Array.from(view), alpha });
  }

  forget(): void {
    this.#latest.clear();
  }

  state(): StateArrays {
    const state: Record<string, Float32Array | Float64Array> = {};
    for (const [name, { vectors, alpha }] of this.#latest) {
      state[VECTORS + name] = vectors;
      state[ALPHA + name] = Float64Array.of(alpha);
    }
    return state;
  }

  load(state: StateArrays): void {
    this.#latest.clear();
    for (const [key, values] of Object.entries(state)) {
      if (!key.startsWith(VECTORS)) continue;
      const name = key.slice(VECTORS.length);
      const alpha = state[ALPHA + name]?.[0];
      if (values.length % this.#width !== 0 || alpha === undefined) {
        throw new DataFormatError(
          `projection: Cannot load the memory of "${name}": expected vectors of ${this.#width} values and an alpha, got ${values.length} values`,
        );
      }
      this.#latest.set(name, { vectors: Float32Array.from(values), alpha });
    }
  }

  dispose(): void {
    this.#vectors?.dispose();
    this.#weights?.dispose();
  }

  /** Room for `count` vectors and weights in the core. */
  #buffers(count: number): { vectors: Tensor; weights: Tensor } {
    if (this.#vectors === undefined || this.#weights === undefined || this.#weights.size < count) {
      this.dispose();
      this.#vectors = this.#engine.tensor(0, [count, this.#width], { persistent: true });
      this.#weights = this.#engine.tensor(0, [count], { persistent: true, dtype: "f64" });
    }
    return { vectors: this.#vectors, weights: this.#weights };
  }
}
