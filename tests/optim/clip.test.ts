import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { TENSOR_GRAD } from "../../src/engine/abi.ts";
import { clipByNorm, clipByValue, ParameterList } from "../../src/optim/index.ts";
import { Random } from "../../src/random.ts";
import { ENGINES } from "../support/engines.ts";
import { parameter, setGradient } from "../support/parameters.ts";

const { clip } = JSON.parse(
  readFileSync(new URL("../fixtures/optimizers.json", import.meta.url), "utf8"),
) as { clip: { limit: number; norm: number; before: number[][]; after: number[][] } };

it("clips the joint norm as PyTorch does, in both builds the same bits", () => {
  const { limit, norm, before, after } = clip;
  const [simd, scalar] = Object.values(ENGINES).map((engine) => {
    const tensors = before.map((gradient) => parameter(engine, gradient, gradient));
    expect(clipByNorm(new ParameterList(tensors), limit)).toBeCloseTo(norm, 6);
    return tensors.flatMap((tensor) => [...(engine.gradient(tensor) as Float32Array)]);
  });
  expect(scalar).toEqual(simd);
  after.flat().forEach((want, i) => {
    expect(simd?.[i]).toBeCloseTo(want, 6);
  });
});

it("sums the norm over every length, in both builds the same bits", () => {
  for (let n = 1; n <= 33; n++) {
    const random = new Random(n);
    const values = Float32Array.from({ length: n }, () => random.normal());
    const want = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
    const [simd, scalar] = Object.values(ENGINES).map((engine) => {
      const tensor = parameter(engine, values, values);
      // What lies past the end is garbage by contract.
      engine.viewAt(tensor.field(TENSOR_GRAD), 0, n + 3).fill(1e3, n);
      return clipByNorm(new ParameterList([tensor]), 1e9);
    });
    expect(scalar).toBe(simd);
    expect(Math.abs((simd as number) - want)).toBeLessThan(1e-6 * want);
  }
});

it("leaves small gradients alone, limits values, and reports NaN", () => {
  const tensor = parameter(ENGINES.simd, [0, 0, 0], [0.5, -3, 2]);
  const list = new ParameterList([tensor]);
  clipByNorm(list, 10);
  expect([...(ENGINES.simd.gradient(tensor) as Float32Array)]).toEqual([0.5, -3, 2]);
  clipByValue(list, 1);
  expect([...(ENGINES.simd.gradient(tensor) as Float32Array)]).toEqual([0.5, -1, 1]);
  setGradient(tensor, [1, Number.NaN, 1]);
  expect(() => clipByNorm(list, 1)).toThrow(
    "clip: Cannot scale gradients: expected a finite norm, got NaN",
  );
  expect(() => clipByValue(list, -1)).toThrow(
    "clip: Cannot limit gradients: expected a number >= 0, got -1",
  );
});
