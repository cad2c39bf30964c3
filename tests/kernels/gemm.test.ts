import { describe, expect, it } from "vitest";
import { bits, KERNEL_CORES, type KernelCore, noise } from "../support/kernel-core.ts";

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transA?: boolean;
  readonly transB?: boolean;
  readonly accumulate?: boolean;
  readonly bias?: boolean;
  readonly relu?: boolean;
  /** Floats between the end of a row and the next. */
  readonly gap?: number;
}

function setUp({ m, n, k, transA = false, transB = false, gap = 0 }: Product) {
  const lda = (transA ? m : k) + gap;
  const ldb = (transB ? k : n) + gap;
  const ldc = n + gap;
  return {
    lda,
    ldb,
    ldc,
    a: noise((transA ? k : m) * lda + 4, m + 100 * k),
    b: noise((transB ? n : k) * ldb + 4, n + 100 * k + 7),
    c: noise(m * ldc + 4, m + 100 * n),
    bias: noise(n, n),
  };
}

function run(build: KernelCore, product: Product): Float32Array {
  const { m, n, k } = product;
  const { lda, ldb, ldc, a, b, c, bias } = setUp(product);
  build.reset();
  const at = build.floats(c.length, c);
  build.core.f32_gemm(
    at,
    build.floats(a.length, a),
    build.floats(b.length, b),
    m,
    n,
    k,
    lda,
    ldb,
    ldc,
    Number(product.transA ?? false),
    Number(product.transB ?? false),
    Number(product.accumulate ?? false),
    product.bias ? build.floats(n, bias) : 0,
    product.relu ? 1 : 0,
    build.bytes(build.core.f32_gemm_scratch_bytes()),
  );
  return build.read(at, c.length);
}

/** The definition in float64; what lies between the rows of c stays as it was. */
function reference(product: Product): Float64Array {
  const { m, n, k, transA, transB, accumulate, relu } = product;
  const { lda, ldb, ldc, a, b, c, bias } = setUp(product);
  const out = Float64Array.from(c);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = accumulate ? (c[i * ldc + j] as number) : 0;
      for (let p = 0; p < k; p++) {
        const left = a[transA ? p * lda + i : i * lda + p] as number;
        sum += left * (b[transB ? j * ldb + p : p * ldb + j] as number);
      }
      if (!accumulate && product.bias) sum += bias[j] as number;
      out[i * ldc + j] = !accumulate && relu ? Math.max(sum, 0) : sum;
    }
  }
  return out;
}

function check(product: Product): void {
  const label = JSON.stringify(product);
  const simd = run(KERNEL_CORES.simd, product);
  expect(bits(simd), label).toEqual(bits(run(KERNEL_CORES.scalar, product)));
  // Rounding of k additions of terms below 1: far below this unless a term is missing.
  const tolerance = 1e-6 * (product.k + 4);
  const worst = reference(product).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (simd[i] as number))),
    0,
  );
  expect(worst, label).toBeLessThanOrEqual(tolerance);
}

/** Every combination of the flags, one after the other as `turn` counts. */
function flags(turn: number): Omit<Product, "m" | "n" | "k"> {
  return {
    transA: (turn & 1) > 0,
    transB: (turn & 2) > 0,
    accumulate: (turn & 4) > 0,
    bias: turn % 3 === 0,
    relu: turn % 5 < 2,
    gap: turn % 7 === 0 ? 3 : 0,
  };
}

describe("f32_gemm()", () => {
  it("gives the scalar build's bits and the reference's values at all small sizes", () => {
    let turn = 0;
    for (let m = 1; m <= 33; m += m < 10 ? 1 : 4) {
      for (let n = 1; n <= 33; n += n < 18 ? 1 : 5) {
        for (const k of [0, 1, 2, 3, 4, 5, 8, 33]) check({ m, n, k, ...flags(turn++) });
      }
    }
  });

  it("handles sizes beyond one block of rows, columns or k, in all layouts", () => {
    for (const [m, n, k] of [
      [1, 77, 45],
      [1, 261, 515],
      [6, 512, 64],
      [21, 70, 520],
      [9, 403, 257],
      [3, 30, 700],
      [0, 60, 30],
      [7, 60, 30],
      [15, 133, 402],
      [670, 52, 391],
      [12, 264, 801],
    ] as const) {
      for (let turn = 0; turn < 8; turn++) check({ m, n, k, ...flags(turn) });
    }
  });

  it("gives a row the same bits alone and in a batch", () => {
    const product = { m: 37, n: 45, k: 300 };
    const all = run(KERNEL_CORES.simd, product);
    const { a, b } = setUp(product);
    const { core, floats, bytes, read, reset } = KERNEL_CORES.simd;
    reset();
    const at = floats(45);
    const row = floats(300, a.subarray(11 * 300, 12 * 300));
    const right = floats(b.length, b);
    const scratch = bytes(core.f32_gemm_scratch_bytes());
    core.f32_gemm(at, row, right, 1, 45, 300, 300, 45, 45, 0, 0, 0, 0, 0, scratch);
    expect(bits(read(at, 45))).toEqual(bits(all.slice(11 * 45, 12 * 45)));
  });

  it("passes NaN and infinity on, and relu keeps NaN", () => {
    for (const build of Object.values(KERNEL_CORES)) {
      build.reset();
      const { core } = build;
      const at = build.floats(2);
      const a = build.floats(2, [Number.POSITIVE_INFINITY, 0]);
      const b = build.floats(4, [1, 0, 0, 0]);
      const scratch = build.bytes(core.f32_gemm_scratch_bytes());
      core.f32_gemm(at, a, b, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0, 1, scratch);
      expect([...build.read(at, 2)]).toEqual([Number.POSITIVE_INFINITY, Number.NaN]);
    }
  });
});

describe("f32_gemm_batched()", () => {
  it("multiplies matrix by matrix, sharing an operand of stride 0", () => {
    const a = noise(3 * 5 * 4, 1);
    const b = noise(4 * 6, 2);
    for (const build of Object.values(KERNEL_CORES)) {
      build.reset();
      const { core } = build;
      const at = build.floats(90);
      const left = build.floats(a.length, a);
      const right = build.floats(b.length, b);
      const scratch = build.bytes(core.f32_gemm_scratch_bytes());
      core.f32_gemm_batched(at, left, right, 3, 30, 20, 0, 5, 6, 4, 4, 6, 6, 0, 0, 0, scratch);
      const batched = build.read(at, 90);
      core.f32_gemm(at, left, right, 15, 6, 4, 4, 6, 6, 0, 0, 0, 0, 0, scratch);
      expect(bits(batched)).toEqual(bits(build.read(at, 90)));
    }
  });
});
