/** What one modality's last step was like. */
interface Noted {
  readonly cosine: number;
  readonly drift: { readonly raw: number; readonly projected: number };
}

const NOTHING: Noted = { cosine: 1, drift: { raw: 0, projected: 0 } };

/**
 * Compares each step before and after its projection, and what either does to the head's outputs on the other
 * modalities' mean features. In JavaScript and float64: it only watches, and a step's bits do not depend on it.
 */
export class ProjectionWatch {
  readonly #rows: number;
  readonly #width: number;
  readonly #means = new Map<string, Float64Array>();
  readonly #noted = new Map<string, Noted>();

  constructor(rows: number, width: number) {
    this.#rows = rows;
    this.#width = width;
  }

  /** Keeps the mean of the features [samples, width] of a modality's step. */
  see(modality: string, features: ArrayLike<number>): void {
    const width = this.#width;
    const samples = features.length / width;
    const mean = new Float64Array(width);
    for (let i = 0; i < features.length; i++) {
      mean[i % width] = (mean[i % width] as number) + (features[i] as number) / samples;
    }
    this.#means.set(modality, mean);
  }

  /** Takes down a step U [rows, width] of a modality, before and after its projection. */
  note(modality: string, raw: Float32Array, projected: Float32Array): void {
    const lengths = Math.sqrt(dot(raw, raw) * dot(projected, projected));
    this.#noted.set(modality, {
      cosine: lengths === 0 ? 1 : Math.min(1, dot(raw, projected) / lengths),
      drift: { raw: this.#drift(modality, raw), projected: this.#drift(modality, projected) },
    });
  }

  of(modality: string): Noted {
    return this.#noted.get(modality) ?? NOTHING;
  }

  /** The norm of U f over the other modalities' f, root of the sum of squares. */
  #drift(modality: string, u: Float32Array): number {
    let squares = 0;
    for (const [name, mean] of this.#means) {
      if (name === modality) continue;
      for (let row = 0; row < this.#rows; row++) {
        const moved = dot(u.subarray(row * this.#width, (row + 1) * this.#width), mean);
        squares += moved * moved;
      }
    }
    return Math.sqrt(squares);
  }
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
