/** Matrix products m x k x n: a[m, k] b[k, n], with either operand stored transposed. */
import type { Engine, Tensor } from "../src/index.ts";
import { matmul } from "../src/ops/index.ts";
import type { BenchCase, BenchGroup } from "./support/bench-case.ts";
import { expectNear } from "./support/expect.ts";
import { input } from "./support/seeded.ts";

interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function gemm(name: string, product: Product): BenchCase {
  const { m, k, n, transposeA, transposeB } = product;
  return {
    name,
    work: { amount: 2 * m * k * n, unit: "FLOP" },
    prepare(engine: Engine) {
      const a = input(engine, transposeA ? [k, m] : [m, k]);
      const b = input(engine, transposeB ? [n, k] : [k, n]);
      check(engine, a, b, product);
      return {
        run: () => engine.scope(() => matmul(a, b, { transposeA, transposeB })),
      };
    },
  };
}

/** Some elements, the last one among them, against float64. */
function check(engine: Engine, a: Tensor, b: Tensor, { m, k, n, transposeA, transposeB }: Product) {
  engine.scope(() => {
    const c = matmul(a, b, { transposeA, transposeB }).toArray();
    const left = a.toArray();
    const right = b.toArray();
    for (const [i, j] of [
      [0, 0],
      [m >> 1, n >> 1],
      [m - 1, n - 1],
    ] as const) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const x = left[transposeA ? p * m + i : i * k + p] as number;
        sum += x * (right[transposeB ? j * k + p : p * n + j] as number);
      }
      expectNear(`matmul[${i}, ${j}]`, c[i * n + j] as number, sum, 1e-4);
    }
  });
}

const squares = [128, 256, 512, 1024].flatMap((size) =>
  ["nn", "nt", "tn", "tt"].map((layout) =>
    gemm(`gemm ${size} ${layout}`, {
      m: size,
      k: size,
      n: size,
      transposeA: layout[0] === "t",
      transposeB: layout[1] === "t",
    }),
  ),
);

function skinny(m: number, k: number, n: number, layout: "nn" | "nt" | "tn"): BenchCase {
  const transposeA = layout[0] === "t";
  const transposeB = layout[1] === "t";
  return gemm(`gemm ${m} x ${k} x ${n} ${layout}`, { m, k, n, transposeA, transposeB });
}

export const gemmGroup: BenchGroup = {
  title: "Matrix products m x k x n (nn: as stored; t: that operand transposed)",
  cases: [
    ...squares,
    skinny(64, 784, 512, "nn"),
    skinny(64, 784, 512, "nt"),
    skinny(512, 64, 784, "tn"),
    skinny(64, 64, 512, "nt"),
    skinny(6, 512, 64, "nn"),
    skinny(1, 512, 512, "nn"),
  ],
};
