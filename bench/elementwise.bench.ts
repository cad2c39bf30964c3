/** Elementwise functions and elementwise gradients on a million numbers. */
import type { Engine, Tensor } from "../src/index.ts";
import { add, exp, gelu, relu, sigmoid, tanh } from "../src/ops/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectNear } from "./support/expect.ts";
import { input } from "./support/seeded.ts";

const MILLION = 1 << 20;
const CACHED = 1 << 13;

function map(
  name: string,
  size: number,
  op: (x: Tensor) => Tensor,
  reference: (x: number) => number,
): BenchCase {
  return {
    name: `${name} ${size === MILLION ? "1M" : "8K"}`,
    work: { amount: size, unit: "elem" },
    prepare(engine: Engine) {
      const x = input(engine, [size], 8);
      const values = x.toArray();
      engine.scope(() => {
        const y = op(x).toArray();
        for (const i of [0, 1, size >> 1, size - 1]) {
          expectNear(
            `${name} of ${values[i]}`,
            y[i] as number,
            reference(values[i] as number),
            1e-5,
          );
        }
      });
      return { run: () => engine.scope(() => op(x)) };
    },
  };
}

const FUNCTIONS = [
  ["exp", exp, Math.exp],
  ["tanh", tanh, Math.tanh],
  ["sigmoid", sigmoid, (x: number) => 1 / (1 + Math.exp(-x))],
  ["gelu", gelu, geluReference],
  ["relu", relu, (x: number) => Math.max(0, x)],
  ["add", (x: Tensor) => add(x, x), (x: number) => 2 * x],
] as const;

/** By numerical integration of the normal density (Simpson's rule from 0 to x). */
function geluReference(x: number): number {
  const steps = 2000;
  const h = x / steps;
  let sum = 1 + Math.exp((-x * x) / 2);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2) / 2);
  return x * (0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI));
}

export const elementwiseGroup: BenchGroup = {
  title: "Elementwise, forward: 1M is 2^20 numbers (memory), 8K is 2^13 (cache)",
  cases: FUNCTIONS.flatMap(([name, op, reference]) => [
    map(name, MILLION, op, reference),
    map(name, CACHED, op, reference),
  ]),
};
