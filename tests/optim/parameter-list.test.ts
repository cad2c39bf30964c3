import { expect, it } from "vitest";
import { ParameterList, Sgd } from "../../src/optim/index.ts";
import { ENGINES } from "../support/engines.ts";
import { parameter, setGradient } from "../support/parameters.ts";

it("leaves a parameter without a gradient alone: no decay, no momentum", () => {
  const [a, b] = [parameter(ENGINES.simd, [1, 2]), parameter(ENGINES.simd, [3, 4])];
  const optimizer = new Sgd([a, b], { rate: 1, momentum: 0.5, weightDecay: 0.5 });
  setGradient(a, [1, 1]);
  setGradient(b, [1, 1]);
  optimizer.step();
  optimizer.clearGradients();
  const after = [...b.toArray()];
  setGradient(a, [1, 1]);
  optimizer.step();
  expect([...b.toArray()]).toEqual(after);
  expect([...optimizer.parameters.steps()]).toEqual([2, 1]);
});

it("scales the learning rate and the decay of one parameter, and freezes it", () => {
  const plain = parameter(ENGINES.simd, [2], [1]);
  const scaled = parameter(ENGINES.simd, [2], [1]);
  const optimizer = new Sgd([plain, { tensor: scaled, rate: 0.5, decay: 0 }], {
    rate: 1,
    momentum: 0,
    weightDecay: 0.25,
  });
  optimizer.step();
  expect([plain.toArray()[0], scaled.toArray()[0]]).toEqual([0.5, 1.5]);
  optimizer.parameters.freeze(true, [0]);
  optimizer.step();
  expect([plain.toArray()[0], scaled.toArray()[0]]).toEqual([0.5, 1]);
  optimizer.parameters.freeze(false);
  optimizer.step();
  expect([plain.toArray()[0], scaled.toArray()[0]]).toEqual([-0.625, 0.5]);
});

it("takes memory for gradients when they arrive, and gives it back when they are released", () => {
  const { simd } = ENGINES;
  const SIZE = 1 << 14;
  const bytes = () => simd.memory().persistent;
  const atFirst = bytes();
  const large = parameter(simd, new Float32Array(SIZE).fill(3));
  const small = parameter(simd, [3]);
  const list = new ParameterList([large, small]);
  const alone = bytes();
  expect(alone - atFirst).toBeLessThan(SIZE * 4 + 1000);
  for (const value of [0.5, 2]) {
    setGradient(large, new Float32Array(SIZE).fill(value));
    setGradient(small, [value]);
    expect(bytes() - alone).toBeGreaterThan(SIZE * 4);
    expect([simd.gradient(large)?.at(-1), simd.gradient(small)?.[0]]).toEqual([value, value]);
    list.releaseGradients();
    expect(bytes() - alone).toBeLessThan(1000);
    expect([simd.gradient(large), simd.gradient(small)]).toEqual([undefined, undefined]);
  }
  list.dispose();
  for (const tensor of [large, small]) tensor.dispose();
  expect(bytes()).toBe(atFirst);
});

it("refuses tensors that cannot be trained and disposed ones", () => {
  const { simd } = ENGINES;
  expect(() => new ParameterList([])).toThrow(
    "parameters: Cannot make a list: expected at least 1 tensor, got none",
  );
  const constant = simd.tensor([1], [1], { persistent: true });
  expect(() => new ParameterList([constant])).toThrow("parameters: Cannot train a tensor");
  const tensor = parameter(simd, [1]);
  const list = new ParameterList([tensor]);
  tensor.dispose();
  expect(() => list.clearGradients()).toThrow("parameters: Cannot use a list that was disposed");
});
