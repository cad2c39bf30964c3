/** Named parameters of a model: what is trained, what is only remembered, and how both start. */
import type { Engine } from "../engine/engine.ts";
import { InternalError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import { fillNormal } from "../ops/index.ts";

/** How a weight starts: a normal distribution with this standard deviation around 0, or one value everywhere. */
export type Init = { readonly deviation: number } | { readonly value: number };

/**
 * Kaiming initialisation for layers followed by ReLU: standard deviation sqrt(2 / fan).
 * Source: He et al. 2015, eq. 10; the convolutions of the MLA reference code use the outgoing fan.
 */
export function kaiming(fan: number): Init {
  return { deviation: Math.sqrt(2 / fan) };
}

/** Xavier initialisation: standard deviation sqrt(2 / (in + out)). Source: Glorot and Bengio 2010, eq. 12. */
export function xavier(fanIn: number, fanOut: number): Init {
  return { deviation: Math.sqrt(2 / (fanIn + fanOut)) };
}

/** Standard deviation sqrt(1 / (3 fan)), PyTorch's for linear layers: for sparse inputs, most of whose fan is zero. */
export function lecun(fan: number): Init {
  return { deviation: Math.sqrt(1 / (3 * fan)) };
}

interface Entry {
  readonly name: string;
  readonly tensor: Tensor;
  readonly trained: boolean;
}

/**
 * A tree of named persistent tensors. The start of a weight depends on (seed, full name) alone, so the same encoder
 * starts the same under every method.
 */
export class Parameters {
  readonly engine: Engine;
  readonly #seed: number;
  readonly #prefix: string;
  readonly #entries: Entry[];

  constructor(engine: Engine, seed: number, prefix = "", entries: Entry[] = []) {
    this.engine = engine;
    this.#seed = seed;
    this.#prefix = prefix;
    this.#entries = entries;
  }

  /** The part of the tree below `name`. */
  scope(name: string): Parameters {
    return new Parameters(this.engine, this.#seed, `${this.#prefix}${name}.`, this.#entries);
  }

  /** Adds a trained tensor. */
  weight(name: string, shape: readonly number[], init: Init): Tensor {
    const tensor = this.engine.tensor("value" in init ? init.value : 0, shape, {
      requiresGrad: true,
      persistent: true,
    });
    const fullName = this.#add(name, tensor, true);
    if ("deviation" in init) {
      fillNormal(tensor, 0, init.deviation, this.#seed, fullName);
    }
    return tensor;
  }

  /** Adds a tensor that is part of the model but not trained, as the running statistics of batch norm. */
  buffer(name: string, shape: readonly number[], value: number): Tensor {
    const tensor = this.engine.tensor(value, shape, { persistent: true });
    this.#add(name, tensor, false);
    return tensor;
  }

  /** The trained tensors of this part of the tree, in order of creation. */
  trained(): Tensor[] {
    return this.#own()
      .filter(({ trained }) => trained)
      .map(({ tensor }) => tensor);
  }

  /** Every tensor of this part of the tree by its full name. */
  entries(): [string, Tensor][] {
    return this.#own().map(({ name, tensor }) => [name, tensor]);
  }

  /** Frees every tensor of this part of the tree. */
  dispose(): void {
    for (const { tensor } of this.#own()) tensor.dispose();
  }

  #own(): Entry[] {
    return this.#entries.filter(({ name }) => name.startsWith(this.#prefix));
  }

  #add(name: string, tensor: Tensor, trained: boolean): string {
    const fullName = this.#prefix + name;
    if (this.#entries.some((entry) => entry.name === fullName)) {
      throw new InternalError(`internal: two parameters are called "${fullName}"`);
    }
    this.#entries.push({ name: fullName, tensor, trained });
    return fullName;
  }
}
