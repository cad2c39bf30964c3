import { PERSISTENT, TENSOR_FLAGS, TENSOR_GRAD, TENSOR_STAMP } from "./abi.ts";
import { buildName, type EngineInfo } from "./engine-info.ts";
import { EngineMemory } from "./engine-memory.ts";
import { formatShape, InternalError, ShapeError, UseAfterFreeError } from "./errors.ts";
import { type Profile, type ProfileOptions, Profiler } from "./profile.ts";
import { replayStretch, type Stretch } from "./stretch.ts";
import { type Life, makeTensor, Tensor, type TensorOptions } from "./tensor.ts";
import type { EngineThreads } from "./threads.ts";
import type { CoreExports } from "./wasm/exports.ts";

/** One WASM instance with a memory of its own: tensors, tape and gradients. Make it with {@link createEngine}. */
export class Engine extends EngineMemory {
  #threads: EngineThreads;
  #scope: Life | undefined;
  /** Of the open scopes, by number. */
  readonly #stretches: Stretch[] = [];

  constructor(
    core: CoreExports,
    threads: EngineThreads = { threads: 1, reason: "one thread asked for" },
  ) {
    super(core, threads.shared);
    this.#threads = threads;
  }

  /**
   * Runs `body`; every tensor that it makes, and the tape, are gone afterwards in O(1), also when it throws.
   * Scopes nest. Read results with `item()` or `toArray()` before the end.
   */
  scope<T>(body: () => T): T {
    const outer = this.#scope;
    const life = { alive: true };
    const stretches = this.#stretches.length;
    const scope = this.core.openScope();
    this.#scope = life;
    try {
      return body();
    } finally {
      // Even to no effect, setting a length takes 40 ns.
      if (this.#stretches.length !== stretches) this.#stretches.length = stretches;
      life.alive = false;
      this.#scope = outer;
      this.core.closeScope(scope);
    }
  }

  /** Runs `body` without recording gradients. */
  noGrad<T>(body: () => T): T {
    const before = this.core.setGradEnabled(0);
    try {
      return body();
    } finally {
      this.core.setGradEnabled(before);
    }
  }

  /**
   * A tensor with the given values.
   *
   * @param values - row-major; a number fills
   * @param shape - default: a vector of all values; `[]` is a scalar
   * @throws {ShapeError} if the number of values is not that of the shape
   */
  tensor(
    values: ArrayLike<number> | number,
    shape?: readonly number[],
    options: TensorOptions = {},
  ): Tensor {
    const life = options.persistent === true ? { alive: true } : this.#currentLife();
    return makeTensor(this, life, values, shape, options);
  }

  /** A constant f32 scalar in the open scope: `tensor(value)` in a fraction of its time. */
  scalar(value: number): Tensor {
    return this.wrap(this.core.newNumber(value));
  }

  /** Wraps a record that an op of the core returned. */
  wrap(pointer: number): Tensor {
    return new Tensor(this, pointer, this.#currentLife());
  }

  /**
   * Adds the gradient of `loss` to every leaf that takes gradients. May be called again on the same tape.
   *
   * @param seed - gradient of a result with respect to `loss`, of its shape (a vector-Jacobian product); default 1
   * @throws {ShapeError} if there is no seed and `loss` has more than one element, or if their sizes differ
   */
  backward(loss: Tensor, seed?: Tensor): void {
    if (loss.size !== (seed?.size ?? 1)) {
      throw new ShapeError(
        `backward: Cannot start from this tensor: expected ${seed === undefined ? "1 element" : `a seed of shape ${formatShape(loss.shape)}`}, got shape ${formatShape((seed ?? loss).shape)}`,
      );
    }
    let stretch = this.core.backward(loss.pointer, seed?.pointer ?? 0);
    while (stretch >= 0) {
      replayStretch(this, this.#stretches[stretch] as Stretch);
      stretch = this.core.continueBackward();
    }
  }

  /**
   * Runs `body` and keeps its result alone; the backward pass runs it again. A long net made of such stretches takes the
   * memory of one of them, for one more forward pass (Chen et al., 2016, "Training Deep Nets with Sublinear Memory Cost").
   * The gradients are the same; batch norm moves its running statistics once.
   *
   * @param body - a function of its inputs and of parameters; it must do the same when called again
   * @throws {OptionError} in the backward pass, if `body` uses a result from outside that takes gradients and is no input
   */
  recompute<I extends readonly Tensor[]>(body: (...inputs: I) => Tensor, ...inputs: I): Tensor {
    const { core } = this;
    const outer = this.#currentLife();
    const life = { alive: true };
    const scope = core.openScope();
    this.#scope = life;
    let kept: number | undefined;
    try {
      core.setGradEnabled(0);
      kept = body(...inputs).pointer;
    } finally {
      life.alive = false;
      this.#scope = outer;
      if (kept === undefined) core.closeScope(scope);
    }
    const out = this.wrap(core.closeScopeKeeping(scope, kept));
    if (core.isGradEnabled()) {
      core.recordStretch(out.pointer, this.#stretches.length);
      this.#stretches.push({ body: body as unknown as Stretch["body"], inputs, out });
    }
    return out;
  }

  /**
   * The gradient of a leaf in the engine's memory, until its next call; undefined where none arrived. Those of ops' results
   * are given up during the pass: to look at one, cut the tape there with a leaf and go on with `backward(result, seed)`.
   */
  gradient(tensor: Tensor): Float32Array<ArrayBuffer> | undefined {
    const pointer = tensor.field(TENSOR_GRAD);
    if (pointer === 0 || tensor.field(TENSOR_STAMP) === 0) return undefined;
    return this.viewAt(pointer, 0, tensor.size) as Float32Array<ArrayBuffer>;
  }

  /** Which build runs, on how many threads, and why. */
  info(): EngineInfo {
    const { threads, reason } = this.#threads;
    return { build: buildName(this.core), threads, reason };
  }

  /** Ends the engine's workers; it stays usable, on one thread. Twice is once. */
  async dispose(): Promise<void> {
    const { workers } = this.#threads;
    if (workers === undefined) return;
    this.#threads = { threads: 1, reason: "the engine was disposed of" };
    this.core.setThreads(1);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /**
   * Runs `body` and tells where the time went: time, share and FLOP/s per op, its backward apart. Profiles do not nest.
   *
   * @example
   * const profile = await engine.profile(() => step());
   * console.log(profile.table());
   */
  async profile<T>(body: () => T | Promise<T>, options: ProfileOptions = {}): Promise<Profile<T>> {
    const { core } = this;
    const profiler = new Profiler(core);
    this.core = profiler.core;
    try {
      return profiler.finish(await body(), options);
    } finally {
      this.core = core;
    }
  }

  /** Frees a persistent tensor; called by `Tensor.dispose`. */
  free(tensor: Tensor, pointer: number): void {
    if (!tensor.life.alive) return;
    if ((tensor.field(TENSOR_FLAGS) & PERSISTENT) === 0) {
      throw new InternalError(
        "internal: only persistent tensors are disposed; those of a scope go with it",
      );
    }
    this.core.freeTensor(pointer);
    tensor.life.alive = false;
  }

  #currentLife(): Life {
    if (this.#scope === undefined) {
      throw new UseAfterFreeError(
        "engine: Cannot make a tensor outside a scope: expected an open scope, got none; use engine.scope(() => ...) or { persistent: true }",
      );
    }
    return this.#scope;
  }
}
