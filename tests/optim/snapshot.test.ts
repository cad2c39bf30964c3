import { expect, it } from "vitest";
import { ParameterList, Snapshot } from "../../src/optim/index.ts";
import { ENGINES } from "../support/engines.ts";
import { parameter } from "../support/parameters.ts";

const SIZES = [1, 3, 4, 5, 7, 33];

it.each(Object.entries(ENGINES))("restores and mixes all values: %s", (_, engine) => {
  const filled = (value: (n: number) => number) => SIZES.map((n) => new Array(n).fill(value(n)));
  const tensors = filled((n) => n).map((values) => parameter(engine, values));
  const read = () => tensors.map((tensor) => [...tensor.toArray()]);
  const list = new ParameterList(tensors);
  const snapshot = new Snapshot(list);
  for (const tensor of tensors) tensor.set(new Array(tensor.size).fill(0));
  snapshot.mix(0.25);
  expect(read()).toEqual(filled((n) => n / 4));
  snapshot.restore();
  expect(read()).toEqual(filled((n) => n));
  snapshot.set(snapshot.values().fill(2));
  snapshot.restore();
  expect(read()).toEqual(filled(() => 2));
  expect(() => snapshot.set(new Float32Array(3))).toThrow(
    `snapshot: Cannot load values: expected ${list.size}, got 3`,
  );
});
