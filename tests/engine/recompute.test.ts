import { describe, expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { OptionError } from "../../src/engine/errors.ts";
import type { Tensor } from "../../src/engine/tensor.ts";
import { SCALAR_WASM } from "../../src/engine/wasm/scalar.ts";
import {
  add,
  batchNorm,
  dropout,
  fillNormal,
  matmul,
  mul,
  sum,
  tanh,
} from "../../src/ops/index.ts";

const ROWS = 64;
const WIDTH = 48;
const DEPTH = 12;

function parameter(engine: Engine, shape: readonly number[], name: string): Tensor {
  const tensor = engine.tensor(0, shape, { persistent: true, requiresGrad: true });
  return fillNormal(tensor, 0, 0.2, 5, name);
}

/** A deep net with everything that a second run could get wrong: dropout, running statistics, an input used twice. */
function createNet(engine: Engine) {
  const x = parameter(engine, [ROWS, WIDTH], "x");
  const weights = Array.from({ length: DEPTH }, (_, i) =>
    parameter(engine, [WIDTH, WIDTH], `w${i}`),
  );
  const norm = {
    gamma: engine.tensor(1, [WIDTH], { persistent: true, requiresGrad: true }),
    beta: engine.tensor(0, [WIDTH], { persistent: true, requiresGrad: true }),
    runningMean: engine.tensor(0, [WIDTH], { persistent: true }),
    runningVar: engine.tensor(1, [WIDTH], { persistent: true }),
  };
  const block = (weight: Tensor, i: number) => (h: Tensor) => {
    const inner = tanh(batchNorm(matmul(h, weight), norm, { training: true }));
    return add(h, mul(dropout(inner, 0.2, { seed: 3, stream: 7, step: i }), h));
  };
  type Run = (body: (h: Tensor) => Tensor, h: Tensor) => Tensor;
  const step = (run: Run) =>
    engine.scope(() => {
      const leaves = [x, ...weights, norm.gamma, norm.beta];
      for (const leaf of leaves) engine.core.clearGrad(leaf.pointer);
      let h: Tensor = x;
      weights.forEach((weight, i) => {
        h = run(block(weight, i), h);
      });
      engine.backward(sum(mul(h, h)));
      return {
        gradients: leaves.map((leaf) => engine.gradient(leaf)?.slice()),
        running: [norm.runningMean.toArray(), norm.runningVar.toArray()],
        bytes: engine.memory().scopes,
      };
    });
  return step;
}

describe("engine.recompute()", () => {
  test.each(["simd", "scalar"])(
    "gives the bits of the plain run, in less memory: %s",
    async (build) => {
      const make = async () =>
        createNet(await createEngine(build === "simd" ? {} : { wasm: SCALAR_WASM }));
      const plain = (await make())((body, h) => body(h));
      const engine = await createEngine(build === "simd" ? {} : { wasm: SCALAR_WASM });
      const again = createNet(engine)((body, h) => engine.recompute(body, h));
      expect(again.gradients).toEqual(plain.gradients);
      expect(again.running).toEqual(plain.running);
      expect(again.bytes).toBeLessThan(plain.bytes / 2);
      expect(engine.memory().scopes).toBe(0);
    },
  );

  test("nests", async () => {
    const engine = await createEngine();
    const plain = createNet(await createEngine())((body, h) => body(h));
    const nested = createNet(engine)((body, h) =>
      engine.recompute((outer) => engine.recompute(body, outer), h),
    );
    expect(nested.gradients).toEqual(plain.gradients);
  });

  test("counts in a profile", async () => {
    const engine = await createEngine();
    const net = createNet(engine);
    const profile = await engine.profile(() => net((body, h) => engine.recompute(body, h)));
    const calls = profile.rows.find(({ name }) => name === "matmul")?.calls;
    expect(calls).toBe(2 * DEPTH);
    const plain = createNet(await createEngine())((body, h) => body(h));
    expect(profile.result.gradients).toEqual(plain.gradients);
  });

  test("refuses a result from outside, and the engine stays usable", async () => {
    const engine = await createEngine();
    const x = engine.tensor([1, 2], [2], { persistent: true, requiresGrad: true });
    engine.scope(() => {
      const outside = tanh(x);
      const loss = sum(engine.recompute((h) => mul(h, outside), x));
      expect(() => engine.backward(loss)).toThrow(OptionError);
    });
    engine.scope(() => {
      engine.core.clearGrad(x.pointer);
      engine.backward(sum(engine.recompute((h) => mul(h, h), x)));
      expect([...(engine.gradient(x) ?? [])]).toEqual([2, 4]);
    });
  });
});
