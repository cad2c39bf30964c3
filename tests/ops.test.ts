import { describe, expect, it } from "vitest";
import type { Engine } from "../src/engine/engine.ts";
import { Random } from "../src/random.ts";
import { OP_CASES } from "./ops.cases.ts";
import { ENGINES } from "./support/engines.ts";
import { type NdArray, nd, sizeOf } from "./support/nd-array.ts";
import type { OpCase } from "./support/op-case.ts";

const LENGTHS = Array.from({ length: 34 }, (_, n) => n);
const STEP = 1e-5;

for (const [name, row] of Object.entries(OP_CASES)) {
  describe(`${name}()`, () => {
    const lengths = row.lengths ?? LENGTHS;
    const gradientTolerance = row.gradientTolerance ?? Math.max(1e-5, 4 * row.tolerance);

    it("gives the float64 reference's values, in both builds the same bits", () => {
      for (const { n, inputs } of trials(row, lengths)) {
        const want = row.reference(inputs as never, n);
        const got = forward(ENGINES.simd, row, inputs, n);
        expect(got.shape).toEqual(want.shape);
        expectClose(got.values, want.data, row.tolerance, `${name} at n = ${n}`);
        expect(bits(forward(ENGINES.scalar, row, inputs, n).values)).toEqual(bits(got.values));
      }
    });

    if (row.gradientTolerance === null) return;

    it("gives the gradient of central differences, in both builds the same bits", () => {
      for (const { n, inputs } of trials(
        row,
        lengths.filter((length) => length <= 9),
      )) {
        const got = gradients(ENGINES.simd, row, inputs, n, 1);
        const want = differences(row, inputs, n);
        got.forEach((gradient, i) => {
          expectClose(
            gradient,
            want[i] as Float64Array,
            gradientTolerance,
            `${name} input ${i} at n = ${n}`,
          );
        });
        gradients(ENGINES.scalar, row, inputs, n, 1).forEach((gradient, i) => {
          expect(bits(gradient)).toEqual(bits(got[i] as Float32Array));
        });
      }
    });

    it("adds the gradients of two uses", () => {
      const n = Math.max(...lengths.filter((length) => length <= 9));
      for (const { inputs } of trials(row, [n])) {
        const once = gradients(ENGINES.simd, row, inputs, n, 1);
        gradients(ENGINES.simd, row, inputs, n, 2).forEach((gradient, i) => {
          const double = Float64Array.from(once[i] as Float32Array, (g) => 2 * g);
          expectClose(gradient, double, gradientTolerance, `${name} input ${i}`);
        });
      }
    });
  });
}

function* trials(row: OpCase, lengths: readonly number[]) {
  for (const n of lengths) {
    for (const [variant, shapes] of row.shapes(n).entries()) {
      const random = new Random(n, `trial ${variant}`);
      yield { n, inputs: shapes.map((shape) => draw(shape, row, random)) };
    }
  }
}

/** Values that f32 holds exactly, so that the reference sees the same inputs. */
function draw(
  shape: readonly number[],
  { domain = [-2, 2], kink = 0 }: OpCase,
  random: Random,
): NdArray {
  const [low, high] = domain;
  const values = Array.from({ length: sizeOf(shape) }, () => {
    const value = low + (high - low) * random.float();
    return Math.fround(Math.abs(value) < kink ? value + Math.sign(value || 1) * kink : value);
  });
  return nd(shape, values);
}

function forward(engine: Engine, row: OpCase, inputs: readonly NdArray[], n: number) {
  return engine.scope(() => {
    const leaves = inputs.map((x) => engine.tensor(x.data, x.shape));
    const out = row.run(leaves as never, engine, n);
    return { shape: out.shape, values: out.toArray() as Float32Array };
  });
}

/** Gradients of the inputs, summed over `uses` calls of the op. */
function gradients(
  engine: Engine,
  row: OpCase,
  inputs: readonly NdArray[],
  n: number,
  uses: number,
) {
  return engine.scope(() => {
    const leaves = inputs.map((x) => engine.tensor(x.data, x.shape, { requiresGrad: true }));
    for (let use = 0; use < uses; use++) {
      const out = row.run(leaves as never, engine, n);
      if (out.size > 0) engine.backward(out, engine.tensor(seedOf(out.size), out.shape));
    }
    return leaves.map((leaf) => engine.gradient(leaf)?.slice() ?? new Float32Array(leaf.size));
  });
}

/** Central differences of sum(seed * reference(inputs)) with respect to every input. */
function differences(row: OpCase, inputs: readonly NdArray[], n: number): Float64Array[] {
  const value = () => {
    const { data } = row.reference(inputs as never, n);
    const seed = seedOf(data.length);
    return data.reduce((sum, y, i) => sum + y * (seed[i] as number), 0);
  };
  return inputs.map((x) =>
    x.data.map((original, i) => {
      x.data[i] = original + STEP;
      const above = value();
      x.data[i] = original - STEP;
      const below = value();
      x.data[i] = original;
      return (above - below) / (2 * STEP);
    }),
  );
}

/** Output gradients that differ from lane to lane. */
function seedOf(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => ((i * 7) % 11) / 5 - 1);
}

function expectClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
  where: string,
) {
  for (let i = 0; i < want.length; i++) {
    const wanted = want[i] as number;
    const error = Math.abs((got[i] as number) - wanted) / Math.max(1, Math.abs(wanted));
    if (!(error <= tolerance)) {
      throw new Error(`${where}[${i}]: expected ${wanted}, got ${got[i]} (error ${error})`);
    }
  }
}

/** The bits of f32 values, -0 and 0 told apart. */
function bits(values: Float32Array): number[] {
  return [...new Uint32Array(values.buffer.slice(0), values.byteOffset, values.length)];
}
