import type { Engine } from "../../engine/engine.ts";
import { DataFormatError } from "../../engine/errors.ts";
import type { StateArrays } from "../parameter-list.ts";
import type { ProjectionMemory } from "./memory.ts";

/**
 * What the authors' public code computes, for comparison with copies of it; it is no projector.
 *
 * With a step's own mean feature r: k = P r; P <- P - (k k') / (alpha + k r'), divided element by element, so that P
 * loses its symmetry; P <- P / |P| (Frobenius); dW <- dW P'. Nothing happens at the first step of the run.
 * The denominators are not bounded away from 0: at d = 512 the direction to be removed was seen amplified up to 143
 * times, and the norm alone scales the head's gradient by about 1 / sqrt(d). In the last public commits it never acts:
 * it looks for a parameter named "module.weight" in the bare layer, whose parameter is named "weight", so the published
 * code trains with variant "off".
 *
 * Source: utils/utils.py and main.py of the reference code of MLA (CVPR 2024). Differs: d is that of the head, not 512.
 */
export class AuthorsProjection implements ProjectionMemory {
  readonly remembersFirst = true;
  readonly #engine: Engine;
  readonly #width: number;
  /** Leading features that P acts on; a free bias stands behind them. */
  readonly #d: number;
  readonly #p: Float64Array;
  #steps = 0;

  constructor(engine: Engine, width: number, d: number) {
    this.#engine = engine;
    this.#width = width;
    this.#d = d;
    this.#p = new Float64Array(d * d);
    this.forget();
  }

  project(u: number, rows: number): void {
    const view = this.#engine.viewAt(u, 0, rows * this.#width);
    for (let row = 0; row < rows; row++) {
      const values = view.subarray(row * this.#width, row * this.#width + this.#d);
      values.set(this.#times(values));
    }
  }

  remember(_modality: string, vectors: number, _count: number, alpha: number): void {
    if (this.#steps++ === 0) return;
    const d = this.#d;
    const p = this.#p;
    const r = this.#engine.viewAt(vectors, 0, d);
    const k = this.#times(r);
    let squares = 0;
    for (let i = 0; i < d; i++) {
      const ki = k[i] as number;
      for (let j = 0; j < d; j++) {
        const at = i * d + j;
        const value = (p[at] as number) - (ki * (k[j] as number)) / (alpha + ki * (r[j] as number));
        p[at] = value;
        squares += value * value;
      }
    }
    const norm = Math.sqrt(squares);
    for (let at = 0; at < p.length; at++) p[at] = (p[at] as number) / norm;
  }

  forget(): void {
    this.#p.fill(0);
    for (let i = 0; i < this.#d; i++) this.#p[i * (this.#d + 1)] = 1;
    this.#steps = 0;
  }

  state(): StateArrays {
    return { authors: this.#p.slice(), steps: Int32Array.of(this.#steps) };
  }

  load({ authors, steps }: StateArrays): void {
    if (authors?.length !== this.#p.length || steps?.length !== 1) {
      throw new DataFormatError(
        `projection: Cannot load "authors": expected ${this.#p.length} values and 1 count, got ${authors?.length ?? "none"} and ${steps?.length ?? "none"}`,
      );
    }
    this.#p.set(authors);
    this.#steps = steps[0] as number;
  }

  dispose(): void {}

  /** P x, which is also the row x P'. */
  #times(x: ArrayLike<number>): Float64Array {
    const d = this.#d;
    const out = new Float64Array(d);
    for (let i = 0; i < d; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (this.#p[i * d + j] as number) * (x[j] as number);
      out[i] = sum;
    }
    return out;
  }
}
