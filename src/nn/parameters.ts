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
  /** A weight is part of what a network learns; a buffer is only remembered. */
  readonly weight: boolean;
  readonly frozen: boolean;
  /** Factor of the learning rate. */
  rate: number;
}

/** Makes the tensors of a tree; null makes none, only their shapes. */
interface Maker {
  readonly engine: Engine | null;
  readonly seed: number;
}

/** Whether a weight keeps its value in training; asked with its name below the part that has the rule. */
export type FreezeRule = (name: string) => boolean;

/**
 * A tree of named persistent tensors. The start of a weight depends on (seed, full name) alone, so the same encoder
 * starts the same under every method.
 */
export class Parameters {
  readonly #maker: Maker;
  readonly #prefix: string;
  readonly #entries: Entry[];
  readonly #freezes: FreezeRule;

  private constructor(maker: Maker, prefix: string, entries: Entry[], freezes: FreezeRule) {
    this.#maker = maker;
    this.#prefix = prefix;
    this.#entries = entries;
    this.#freezes = freezes;
  }

  static create(engine: Engine, seed: number): Parameters {
    return new Parameters({ engine, seed }, "", [], () => false);
  }

  /** A tree that only tells names and shapes: its tensors have no elements and no engine. */
  static plan(): Parameters {
    return new Parameters({ engine: null, seed: 0 }, "", [], () => false);
  }

  /** @throws {InternalError} if the tree is a plan */
  get engine(): Engine {
    const { engine } = this.#maker;
    if (engine === null) throw new InternalError("internal: a plan of parameters has no engine");
    return engine;
  }

  /** The part of the tree below `name`. */
  scope(name: string): Parameters {
    const prefix = `${this.#prefix}${name}.`;
    const freezes: FreezeRule = (below) => this.#freezes(`${name}.${below}`);
    return new Parameters(this.#maker, prefix, this.#entries, freezes);
  }

  /** The same part of the tree, where weights that the rule names are made frozen. */
  frozenBy(freezes: FreezeRule): Parameters {
    return new Parameters(this.#maker, this.#prefix, this.#entries, freezes);
  }

  /** Whether a weight of this name is or will be frozen. */
  isFrozen(name: string): boolean {
    return this.#freezes(name);
  }

  /** Adds a weight: trained unless it is frozen. */
  weight(name: string, shape: readonly number[], init: Init): Tensor {
    const frozen = this.#freezes(name);
    const tensor = this.#make(shape, "value" in init ? init.value : 0, !frozen);
    const fullName = this.#add(name, tensor, true, frozen);
    if ("deviation" in init && this.#maker.engine !== null) {
      fillNormal(tensor, 0, init.deviation, this.#maker.seed, fullName);
    }
    return tensor;
  }

  /** Adds a tensor that is part of the model but not trained, as the running statistics of batch norm. */
  buffer(name: string, shape: readonly number[], value: number): Tensor {
    const tensor = this.#make(shape, value, false);
    this.#add(name, tensor, false, false);
    return tensor;
  }

  /** The trained tensors of this part of the tree, in order of creation: all weights but the frozen ones. */
  trained(): Tensor[] {
    return this.#own()
      .filter(({ weight, frozen }) => weight && !frozen)
      .map(({ tensor }) => tensor);
  }

  /** The weights of this part of the tree, frozen or not. */
  weights(): Tensor[] {
    return this.#own()
      .filter(({ weight }) => weight)
      .map(({ tensor }) => tensor);
  }

  /** Every tensor of this part of the tree by its full name. */
  entries(): [string, Tensor][] {
    return this.#own().map(({ name, tensor }) => [name, tensor]);
  }

  /** Every tensor of this part of the tree by its name below it. */
  local(): [string, Tensor][] {
    return this.entries().map(([name, tensor]) => [name.slice(this.#prefix.length), tensor]);
  }

  /** Gives every tensor of this part of the tree a factor of the learning rate, by its name below it. */
  setRates(rate: (name: string) => number): void {
    for (const entry of this.#own()) entry.rate = rate(entry.name.slice(this.#prefix.length));
  }

  /** Factor of the learning rate of a tensor of the tree. */
  rateOf(tensor: Tensor): number {
    return this.#entries.find((entry) => entry.tensor === tensor)?.rate ?? 1;
  }

  /** Frees every tensor of this part of the tree. */
  dispose(): void {
    for (const { tensor } of this.#own()) tensor.dispose();
  }

  #own(): Entry[] {
    return this.#entries.filter(({ name }) => name.startsWith(this.#prefix));
  }

  #make(shape: readonly number[], value: number, requiresGrad: boolean): Tensor {
    const { engine } = this.#maker;
    if (engine !== null) return engine.tensor(value, shape, { requiresGrad, persistent: true });
    return { shape, size: shape.reduce((product, length) => product * length, 1) } as Tensor;
  }

  #add(name: string, tensor: Tensor, weight: boolean, frozen: boolean): string {
    const fullName = this.#prefix + name;
    if (this.#entries.some((entry) => entry.name === fullName)) {
      throw new InternalError(`internal: two parameters are called "${fullName}"`);
    }
    this.#entries.push({ name: fullName, tensor, weight, frozen, rate: 1 });
    return fullName;
  }
}
