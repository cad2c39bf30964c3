import { afterAll, describe, expect, it } from "vitest";
import { mlp } from "../src/encoders/index.ts";
import { createEngine } from "../src/engine/create-engine.ts";
import type { Engine } from "../src/engine/engine.ts";
import { SCALAR_WASM } from "../src/engine/wasm/scalar.ts";
import {
  conv2d,
  crossEntropy,
  fillNormal,
  fillUniform,
  globalAvgPool,
  linear,
  matmul,
  relu,
} from "../src/ops/index.ts";
import { Sgd } from "../src/optim/sgd.ts";
import { train } from "../src/train/train.ts";
import { TEST_THREADS } from "./support/threads.ts";
import { SMALL } from "./train/support.ts";

/** Builds and thread counts that must give the same bits. */
const ENGINES = {
  simd: await createEngine(),
  scalar: await createEngine({ wasm: SCALAR_WASM }),
  "2 threads": await createEngine({ threads: 2, pool: TEST_THREADS }),
  "3 threads": await createEngine({ threads: 3, pool: TEST_THREADS }),
  // Without its workers: the threads build alone.
  "threads build, 1 thread": await createEngine({ threads: 2, pool: TEST_THREADS }),
};
await ENGINES["threads build, 1 thread"].dispose();
afterAll(() => Promise.all(Object.values(ENGINES).map((engine) => engine.dispose())));

/** What `info()` must say, so that no hash below is that of a silent fallback. */
const EXPECTED: {
  readonly [N in keyof typeof ENGINES]: readonly [build: string, threads: number];
} = {
  simd: ["simd", 1],
  scalar: ["scalar", 1],
  "2 threads": ["simd-threads", 2],
  "3 threads": ["simd-threads", 3],
  "threads build, 1 thread": ["simd-threads", 1],
};

/** FNV-1a of all bytes. */
function hash(arrays: Iterable<Float32Array>): number {
  let state = 2166136261;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      state = Math.imul(state ^ byte, 16777619);
    }
  }
  return state >>> 0;
}

/** A small network of convolutions (strided, depthwise, pointwise, by Winograd) and products: large enough to be shared. */
function trainNetwork(engine: Engine): number {
  const weight = (name: string, shape: readonly number[]) => {
    const tensor = engine.tensor(0, shape, { persistent: true, requiresGrad: true });
    fillNormal(tensor, 0, 0.1, 7, name);
    return tensor;
  };
  const wide = weight("wide", [3, 3, 3, 16]);
  const depthwise = weight("depthwise", [3, 3, 1, 16]);
  const pointwise = weight("pointwise", [1, 1, 16, 40]);
  const strided = weight("strided", [3, 3, 40, 36]);
  const winograd = weight("winograd", [3, 3, 36, 36]);
  const square = weight("square", [36, 36]);
  const head = weight("head", [10, 36]);
  const bias = weight("bias", [10]);
  const weights = [wide, depthwise, pointwise, strided, winograd, square, head, bias];
  const optimizer = new Sgd(weights, { rate: 0.05 });
  const images = engine.tensor(0, [12, 20, 20, 3], { persistent: true });
  fillUniform(images, -1, 1, 9, "images");
  for (let step = 0; step < 3; step++) {
    engine.scope(() => {
      const labels = engine.tensor(
        Array.from({ length: 12 }, (_, i) => (i * 7 + step) % 10),
        [12],
        { dtype: "i32" },
      );
      let x = conv2d(images, wide, { padding: "same", activation: "relu" });
      x = relu(conv2d(x, depthwise, { padding: "same", groups: 16 }));
      x = conv2d(x, pointwise, { activation: "relu" });
      x = conv2d(x, strided, { stride: 2, padding: 1, activation: "relu" });
      x = globalAvgPool(conv2d(x, winograd, { padding: "same", activation: "relu" }));
      x = relu(matmul(x, square, { transposeB: true }));
      engine.backward(crossEntropy(linear(x, head, { bias }), labels));
      optimizer.step();
      optimizer.clearGradients();
    });
  }
  const result = hash(weights.map((tensor) => tensor.toArray() as Float32Array));
  for (const tensor of [...weights, images]) tensor.dispose();
  return result;
}

describe("the bits of a training", () => {
  it.each(Object.entries(EXPECTED))(
    "are those of the build and threads asked for: %s",
    (name, [build, threads]) => {
      expect(ENGINES[name as keyof typeof ENGINES].info()).toMatchObject({ build, threads });
    },
  );

  it.each(Object.entries(ENGINES))("are the known ones for a network: %s", (_, engine) => {
    expect(trainNetwork(engine)).toBe(3358683837);
  });

  it("are the same for MLA on every build and thread count", async () => {
    const hashes: Record<string, number> = {};
    for (const [name, engine] of Object.entries(ENGINES)) {
      const encoders = { easy: mlp({ hidden: [96] }), hard: mlp({ hidden: [96] }) };
      const run = train({ ...SMALL, encoders, dim: 96, batchSize: 120, epochs: 2, engine });
      const model = await run.finish();
      hashes[name] = hash(model.parameters().values());
      model.dispose();
    }
    expect(new Set(Object.values(hashes)).size, JSON.stringify(hashes)).toBe(1);
  });
});
