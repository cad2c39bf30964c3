import type { DriftRecord } from "../../report/records.ts";
import type { BatchProgress } from "../../train/config.ts";

/** Most steps of a training that are kept. */
const POINTS = 120;

type Point = readonly [step: number, values: Readonly<Record<string, readonly [number, number]>>];

/** Keeps, in equal distances, how far a method says that its steps move the other modalities' outputs. */
export class DriftPoints {
  readonly #points: Point[] = [];
  #silent = false;
  #asked = false;

  /** @param earlier - of the part of the training that was done before */
  constructor(earlier: DriftRecord | undefined) {
    earlier?.steps.forEach((step, i) => {
      const values = Object.entries(earlier.modalities).map(([m, { raw, projected }]) => [
        m,
        [raw[i] as number, projected[i] as number] as const,
      ]);
      this.#points.push([step, Object.fromEntries(values)]);
    });
  }

  take(progress: BatchProgress): void {
    const { epoch, epochs, batch, batches } = progress;
    const step = (epoch - 1) * batches + batch;
    const every = Math.ceil((epochs * batches) / POINTS);
    if (this.#silent || (this.#asked && step % every !== 0)) return;
    const told = Object.entries(progress.measures ?? {}).flatMap(([m, { drift, rawDrift }]) =>
      drift === undefined || rawDrift === undefined ? [] : [[m, [rawDrift, drift] as const]],
    );
    this.#silent = told.length === 0;
    // A method takes such figures down from the first question on.
    if (this.#asked && !this.#silent) this.#points.push([step, Object.fromEntries(told)]);
    this.#asked = true;
  }

  /** Undefined if the method tells nothing of the kind. */
  record(): DriftRecord | undefined {
    const [first] = this.#points;
    if (first === undefined) return undefined;
    const of = (m: string, which: 0 | 1) =>
      this.#points.map(([, values]) => Number((values[m]?.[which] ?? 0).toPrecision(3)));
    return {
      steps: this.#points.map(([step]) => step),
      modalities: Object.fromEntries(
        Object.keys(first[1]).map((m) => [m, { raw: of(m, 0), projected: of(m, 1) }]),
      ),
    };
  }
}
