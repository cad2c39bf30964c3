import { compile } from "./compile.ts";

const ROUNDS = 8192;
const PROBES = 5;
const CHAINS = 13;
const FLOP = CHAINS * 4 * 2;

const each = (line: (name: string, i: number) => string): string =>
  Array.from({ length: CHAINS }, (_, i) => line(`c${i}`, i)).join("\n");

/** Multiply-add chains held in registers, with nothing read or written; what they start from is read, so that none is folded. */
const SOURCE = `
export function chains(rounds: i32): void {
  const x = v128.load32_splat(0);
  const y = v128.load32_splat(4);
  ${each((name, i) => `let ${name} = v128.load(${16 * (i + 1)});`)}
  for (let i = 0; i < rounds; i++) {
    ${each((name) => `${name} = f32x4.add(f32x4.mul(${name}, x), y);`)}
  }
  ${each((name, i) => `v128.store(${16 * (i + 1)}, ${name});`)}
}`;

/**
 * Speed limit of one core in this run: the best of all probes. Probed between the rows, so that a slow moment of the
 * machine at the start does not flatter every ratio.
 */
export class Peak {
  readonly #chains: (rounds: number) => void;
  #seconds = Number.POSITIVE_INFINITY;
  #probes = 0;

  private constructor(chains: (rounds: number) => void) {
    this.#chains = chains;
    for (let i = 0; i < 40; i++) this.probe();
  }

  static async compile(): Promise<Peak> {
    const { memory, chains } = await compile<{
      memory: WebAssembly.Memory;
      chains: (rounds: number) => void;
    }>("the peak", SOURCE);
    new Float32Array(memory.buffer).set([0.5, 0.25]);
    return new Peak(chains);
  }

  /** A few more tries. */
  probe(): void {
    for (let i = 0; i < PROBES; i++) {
      const start = performance.now();
      this.#chains(ROUNDS);
      const seconds = (performance.now() - start) / 1000;
      this.#seconds = Math.min(this.#seconds, seconds);
      this.#probes++;
    }
  }

  /** FLOP per second of the best probe. */
  get flops(): number {
    return (FLOP * ROUNDS) / this.#seconds;
  }

  get probes(): number {
    return this.#probes;
  }
}
