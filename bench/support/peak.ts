import type { Engine } from "../../src/index.ts";

const ROUNDS = 8192;
const PROBES = 5;

/**
 * Speed limit of one core in this run: multiply-add chains held in registers, the best of all probes. Probed between the
 * rows, so that a slow moment of the machine at the start does not flatter every ratio.
 */
export class Peak {
  readonly #engine: Engine;
  readonly #operands: number;
  #seconds = Number.POSITIVE_INFINITY;
  #probes = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    const operands = engine.tensor([0.5, 0.25], [2], { persistent: true });
    this.#operands = operands.view().byteOffset;
    for (let i = 0; i < 40; i++) this.probe();
  }

  /** A few more tries. */
  probe(): void {
    const { core } = this.#engine;
    for (let i = 0; i < PROBES; i++) {
      const start = performance.now();
      const sum = core.f32_peak(this.#operands, ROUNDS);
      const seconds = (performance.now() - start) / 1000;
      if (!Number.isFinite(sum)) throw new Error("peak: the chains diverged");
      this.#seconds = Math.min(this.#seconds, seconds);
      this.#probes++;
    }
  }

  /** FLOP per second of the best probe. */
  get flops(): number {
    return (this.#engine.core.f32_peak_flops() * ROUNDS) / this.#seconds;
  }

  get probes(): number {
    return this.#probes;
  }
}
