import { type OptionSpecs, type OptionValues, resolveOptions } from "../config/options.ts";
import { definitionOf } from "../config/part.ts";
import { buildEncoder } from "../encoders/build-encoder.ts";
import type { Encoder } from "../encoders/encoder.ts";
import type { Engine } from "../engine/engine.ts";
import { DataFormatError, InternalError, NonFiniteError } from "../engine/errors.ts";
import type { Tensor } from "../engine/tensor.ts";
import type {
  AnyMethodDefinition,
  MethodContext,
  MethodInstance,
  Teacher,
} from "../methods/method.ts";
import { perModality } from "../methods/steps.ts";
import { Parameters } from "../nn/parameters.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Parameter } from "../optim/parameter-list.ts";
import type { ModelSpec } from "./model-spec.ts";

/** What moves a network's parameters; a network without it can only predict. */
export interface Trainer {
  /** The encoder of a modality, some of its weights frozen or at rates of their own. */
  encoder(
    modality: string,
    parameters: Parameters,
    build: (parameters: Parameters) => Encoder,
  ): Encoder;
  optimizer(parameters: readonly Parameter[]): Optimizer;
  loss(logits: Tensor, labels: Tensor): Tensor;
  /** Limits the gradients of each optimizer's parameters. */
  clip(...optimizers: readonly Optimizer[]): void;
}

/** A trained network as a teacher, and what it is freed by. */
export interface OwnedTeacher<M extends string> extends Teacher<M> {
  dispose(): void;
}

/** A network that only predicts, with the values of a trained one. */
export function buildTeacher<M extends string>(
  engine: Engine,
  spec: ModelSpec<M>,
  values: ReadonlyMap<string, ArrayLike<number>>,
): OwnedTeacher<M> {
  const network = new Network(engine, spec, 0, null);
  network.restore(values);
  return {
    encoders: network.encoders,
    logits: (features, size) => network.method.logits(features, size),
    dispose: () => network.dispose(),
  };
}

/** Takes the place of a trainer where nothing is trained. */
const IDLE: Trainer = {
  encoder: (_, parameters, build) => build(parameters),
  optimizer: (parameters) =>
    ({ parameters, state: () => ({}), dispose() {} }) as unknown as Optimizer,
  loss: notTrained,
  clip: notTrained,
};

function notTrained(): never {
  throw new InternalError("internal: a network that only predicts was asked to train");
}

/** Where a method's own parameters are. */
const METHOD_SCOPE = "method";

/** Encoders and a method's heads in one engine: everything that has parameters. */
export class Network<M extends string> {
  readonly engine: Engine;
  readonly spec: ModelSpec<M>;
  readonly modalities: readonly M[];
  readonly parameters: Parameters;
  readonly encoders: Readonly<Record<M, Encoder>>;
  readonly definition: AnyMethodDefinition;
  readonly method: MethodInstance<M>;
  /** By the names that the method gave them. */
  readonly optimizers = new Map<string, Optimizer>();
  readonly #teacher: OwnedTeacher<M> | null;
  /** Encoders that the method made for itself. */
  readonly #furtherEncoders: { readonly modality: M; readonly encoder: Encoder }[] = [];
  #empty: Tensor | undefined;

  /**
   * @param trainer - null for a network that only predicts
   * @param teacher - what the method is taught by; freed with the network
   * @throws {OptionError} if a part of the spec is unknown or wrongly configured
   */
  constructor(
    engine: Engine,
    spec: ModelSpec<M>,
    seed: number,
    trainer: Trainer | null,
    teacher: OwnedTeacher<M> | null = null,
  ) {
    const trained = trainer ?? IDLE;
    const { clip, loss } = trained;
    this.engine = engine;
    this.#teacher = teacher;
    this.spec = spec;
    this.modalities = Object.keys(spec.inputs) as M[];
    this.parameters = Parameters.create(engine, seed);
    this.definition = definitionOf("method", spec.method);
    const encoder = (m: M, parameters: Parameters) => {
      const build = (own: Parameters) =>
        buildEncoder(m, spec.encoders[m], spec.inputs[m], spec.dim, own);
      return trained.encoder(m, parameters, build);
    };
    this.encoders = this.#orFree(() =>
      perModality(this.modalities, (m) => encoder(m, this.parameters.scope(`encoders.${m}`))),
    );
    const context: MethodContext<M, OptionValues<OptionSpecs>> = {
      engine,
      modalities: this.modalities,
      encoders: this.encoders,
      inputs: spec.inputs,
      teacher,
      classes: spec.classes.length,
      dim: spec.dim,
      options: resolveOptions(spec.method.name, this.definition.options, spec.method.options),
      parameters: this.parameters.scope(METHOD_SCOPE),
      encoder: (m, parameters) => {
        const made = encoder(m, parameters);
        this.#furtherEncoders.push({ modality: m, encoder: made });
        return made;
      },
      optimizer: (name, parameters) => this.#optimizer(name, parameters, trained),
      loss,
      backward: (part, loss) => this.#backward(part, loss),
      clip,
      descend: (part, loss, ...optimizers) => {
        for (const optimizer of optimizers) optimizer.clearGradients();
        const value = this.#backward(part, loss);
        clip(...optimizers);
        return value;
      },
    };
    this.method = this.#orFree(() => this.definition.build(context));
  }

  /** Values of all weights, frozen ones too. */
  get size(): number {
    return this.parameters.weights().reduce((sum, tensor) => sum + tensor.size, 0);
  }

  /** Floating-point operations per sample of one forward pass over every modality; a linear head costs 2 per weight. */
  get flops(): number {
    return this.#flopsOf(() => true);
  }

  /** As {@link flops}, of the parts that an optimizer moves. */
  get trainedFlops(): number {
    const moved = new Set(
      [...this.optimizers.values()].flatMap(({ parameters }) => parameters.tensors),
    );
    return this.#flopsOf((tensor) => moved.has(tensor));
  }

  #flopsOf(counts: (tensor: Tensor) => boolean): number {
    const encoders = this.everyEncoder().map(({ encoder }) => encoder);
    const inEncoders = new Set(
      this.#furtherEncoders.flatMap(({ encoder }) => encoder.parameters.weights()),
    );
    const heads = this.parameters.scope(METHOD_SCOPE).weights();
    return (
      encoders
        .filter(({ parameters }) => parameters.weights().some(counts))
        .reduce((sum, { flops }) => sum + flops, 0) +
      heads
        .filter((tensor) => counts(tensor) && !inEncoders.has(tensor))
        .reduce((sum, { size }) => sum + 2 * size, 0)
    );
  }

  /** The encoders, those that the method made for itself too. */
  everyEncoder(): { readonly modality: M; readonly encoder: Encoder }[] {
    const own = this.modalities.map((modality) => ({ modality, encoder: this.encoders[modality] }));
    return [...own, ...this.#furtherEncoders];
  }

  /** A copy of every parameter and buffer by name. */
  snapshot(): Map<string, Float32Array> {
    return new Map(
      this.parameters.entries().map(([name, tensor]) => [name, tensor.toArray() as Float32Array]),
    );
  }

  /** Writes the parameters and buffers of a snapshot back; names that it lacks keep their values. */
  restore(snapshot: ReadonlyMap<string, ArrayLike<number>>): void {
    for (const [name, tensor] of this.parameters.entries()) {
      const values = snapshot.get(name);
      if (values !== undefined) tensor.set(values);
    }
  }

  /** Frees everything; twice is once. */
  dispose(): void {
    for (const optimizer of this.optimizers.values()) optimizer.dispose();
    this.optimizers.clear();
    this.method.dispose?.();
    this.parameters.dispose();
    this.#empty?.dispose();
    this.#empty = undefined;
    this.#teacher?.dispose();
  }

  /** What `make` gives; if it throws, all that the network has so far is freed. */
  #orFree<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      for (const optimizer of this.optimizers.values()) optimizer.dispose();
      this.parameters.dispose();
      this.#empty?.dispose();
      this.#teacher?.dispose();
      throw error;
    }
  }

  #optimizer(name: string, parameters: readonly Tensor[], trainer: Trainer): Optimizer {
    if (this.optimizers.has(name)) {
      throw new InternalError(`internal: two optimizers are called "${name}"`);
    }
    const rated = parameters.map((tensor) => ({ tensor, rate: this.parameters.rateOf(tensor) }));
    const optimizer = trainer.optimizer(rated.length > 0 ? rated : [this.#nothing()]);
    this.optimizers.set(name, optimizer);
    return optimizer;
  }

  /** What an optimizer has of a part that is frozen as a whole: a parameter of no elements, which gets no gradient. */
  #nothing(): Tensor {
    this.#empty ??= this.engine.tensor(0, [0], { requiresGrad: true, persistent: true });
    return this.#empty;
  }

  #backward(part: string, loss: Tensor): number {
    const value = loss.item();
    if (!Number.isFinite(value)) {
      throw new NonFiniteError(
        `train: Cannot go on: expected a finite loss for "${part}", got ${value}`,
      );
    }
    this.engine.backward(loss);
    return value;
  }
}

/**
 * Writes every parameter and buffer from a file.
 *
 * @throws {DataFormatError} if one is missing or of another size; the network is unchanged then
 */
export function restoreAll<M extends string>(
  network: Network<M>,
  values: ReadonlyMap<string, Float32Array>,
  where: string,
): void {
  checkValues(network, values, where);
  network.restore(values);
}

/**
 * Whether a file has every parameter and buffer, as float32.
 *
 * @throws {DataFormatError} if one is missing, of another size or of another type
 */
export function checkValues<M extends string>(
  network: Network<M>,
  values: ReadonlyMap<string, Float32Array>,
  where: string,
): void {
  for (const [name, tensor] of network.parameters.entries()) {
    const data = values.get(name);
    if (data instanceof Float32Array && data.length === tensor.size) continue;
    const got = data === undefined ? "none" : `${data.length} of ${data.constructor.name}`;
    throw new DataFormatError(
      `${where}: Cannot read "${name}": expected ${tensor.size} values of Float32Array, got ${got}`,
    );
  }
}
