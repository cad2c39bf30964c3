import type { Engine, Tensor } from "../../src/index.ts";
import { Random } from "../../src/random.ts";

const SEED = 1;
/** Every tensor of an engine gets numbers of its own. */
const streams = new WeakMap<Engine, number>();

function nextStream(engine: Engine): number {
  const stream = streams.get(engine) ?? 0;
  streams.set(engine, stream + 1);
  return stream;
}

/** Seeded values in [-1, 1) times `scale`. */
export function seeded(length: number, stream: number, scale = 1): Float32Array {
  const random = new Random(SEED, stream);
  return Float32Array.from({ length }, () => (2 * random.float() - 1) * scale);
}

/** A persistent tensor of seeded values in [-1, 1) times `scale`. */
export function input(engine: Engine, shape: readonly number[], scale = 1): Tensor {
  return engine.tensor(seeded(product(shape), nextStream(engine), scale), shape, {
    persistent: true,
  });
}

/** As {@link input}, trainable. */
export function parameter(engine: Engine, shape: readonly number[], scale: number): Tensor {
  const values = seeded(product(shape), nextStream(engine), scale);
  return engine.tensor(values, shape, { persistent: true, requiresGrad: true });
}

/** A trainable tensor of one value. */
export function constantParameter(engine: Engine, shape: readonly number[], value: number): Tensor {
  return engine.tensor(new Float32Array(product(shape)).fill(value), shape, {
    persistent: true,
    requiresGrad: true,
  });
}

/** Seeded whole numbers from 0 to `below - 1`, as a persistent i32 tensor. */
export function indices(engine: Engine, length: number, below: number): Tensor {
  const random = new Random(SEED, nextStream(engine));
  const values = Int32Array.from({ length }, () => random.int(below));
  return engine.tensor(values, [length], { dtype: "i32", persistent: true });
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
