import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bits, KERNEL_CORES, type KernelCore, noise } from "../support/kernel-core.ts";

/** In the order of the kernels' PoolShape. */
const FIELDS = [
  "batch",
  "height",
  "width",
  "channels",
  "kernelHeight",
  "kernelWidth",
  "strideY",
  "strideX",
  "padTop",
  "padBottom",
  "padLeft",
  "padRight",
] as const;
type Shape = Readonly<Record<(typeof FIELDS)[number], number>>;

const anyShape: fc.Arbitrary<Shape> = fc
  .record({
    batch: fc.integer({ min: 0, max: 2 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 9 }),
    kernelHeight: fc.integer({ min: 1, max: 4 }),
    kernelWidth: fc.integer({ min: 1, max: 4 }),
    strideY: fc.integer({ min: 1, max: 3 }),
    strideX: fc.integer({ min: 1, max: 3 }),
    padTop: fc.integer({ min: 0, max: 3 }),
    padBottom: fc.integer({ min: 0, max: 3 }),
    padLeft: fc.integer({ min: 0, max: 3 }),
    padRight: fc.integer({ min: 0, max: 3 }),
  })
  .filter(
    (s) =>
      Math.max(s.padTop, s.padBottom) < s.kernelHeight &&
      Math.max(s.padLeft, s.padRight) < s.kernelWidth &&
      s.kernelHeight <= s.height + s.padTop + s.padBottom &&
      s.kernelWidth <= s.width + s.padLeft + s.padRight,
  );

/** For each output float, the indices in x of its window's floats. */
function windows(s: Shape): number[][] {
  const rows = Math.floor((s.height + s.padTop + s.padBottom - s.kernelHeight) / s.strideY) + 1;
  const columns = Math.floor((s.width + s.padLeft + s.padRight - s.kernelWidth) / s.strideX) + 1;
  const all: number[][] = [];
  for (let o = 0; o < s.batch * rows * columns * s.channels; o++) {
    const channel = o % s.channels;
    const left = (Math.floor(o / s.channels) % columns) * s.strideX - s.padLeft;
    const top = (Math.floor(o / s.channels / columns) % rows) * s.strideY - s.padTop;
    const image = Math.floor(o / s.channels / columns / rows);
    const window: number[] = [];
    for (let y = Math.max(top, 0); y < Math.min(top + s.kernelHeight, s.height); y++) {
      for (let x = Math.max(left, 0); x < Math.min(left + s.kernelWidth, s.width); x++) {
        window.push(((image * s.height + y) * s.width + x) * s.channels + channel);
      }
    }
    all.push(window);
  }
  return all;
}

function place(build: KernelCore, s: Shape): number {
  build.reset();
  return build.ints(
    FIELDS.length,
    FIELDS.map((field) => s[field]),
  );
}

function sizeOf(s: Shape): number {
  return s.batch * s.height * s.width * s.channels;
}

/** The same from both builds, bit for bit. */
function onBoth(run: (build: KernelCore) => Float32Array): Float32Array {
  const simd = run(KERNEL_CORES.simd);
  expect(bits(simd)).toEqual(bits(run(KERNEL_CORES.scalar)));
  return simd;
}

function maxPool(build: KernelCore, s: Shape, x: Float32Array, count: number) {
  const shape = place(build, s);
  const out = build.floats(count);
  const argmax = build.ints(count);
  build.core.f32_max_pool2d(out, argmax, build.floats(x.length, x), shape);
  return { out, argmax };
}

describe("f32_max_pool2d()", () => {
  it("finds the first largest value of each window", () => {
    fc.assert(
      fc.property(anyShape, (s) => {
        // Few distinct values, so that windows hold equal ones.
        const x = noise(sizeOf(s), 5).map((value) => Math.round(value * 3));
        const all = windows(s);
        const first = all.map((window) =>
          window.reduce((best, i) => ((x[i] as number) > (x[best] as number) ? i : best)),
        );
        const values = onBoth((build) =>
          build.read(maxPool(build, s, x, all.length).out, all.length),
        );
        expect([...values]).toEqual(first.map((i) => x[i]));
        for (const build of Object.values(KERNEL_CORES)) {
          const { argmax } = maxPool(build, s, x, all.length);
          expect([...build.readInts(argmax, all.length)]).toEqual(first);
        }
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  it("passes NaN on and takes -infinity as a value", () => {
    const s: Shape = {
      batch: 1,
      height: 1,
      width: 4,
      channels: 5,
      kernelHeight: 1,
      kernelWidth: 2,
      strideY: 1,
      strideX: 2,
      padTop: 0,
      padBottom: 0,
      padLeft: 0,
      padRight: 0,
    };
    const x = new Float32Array(20).fill(Number.NEGATIVE_INFINITY).fill(1, 0, 10);
    x.fill(Number.NaN, 5, 10);
    const out = onBoth((build) => build.read(maxPool(build, s, x, 10).out, 10));
    expect([...out]).toEqual([
      ...Array(5).fill(Number.NaN),
      ...Array(5).fill(Number.NEGATIVE_INFINITY),
    ]);
  });

  it.each([false, true])("sends each gradient to its maximum, accumulate %s", (accumulate) => {
    fc.assert(
      fc.property(anyShape, (s) => {
        const x = noise(sizeOf(s), 6);
        const all = windows(s);
        const dout = noise(all.length, 7);
        const before = noise(x.length, 8);
        const expected = accumulate ? before.slice() : new Float32Array(x.length);
        all.forEach((window, o) => {
          const at = window.reduce((best, i) =>
            (x[i] as number) > (x[best] as number) ? i : best,
          );
          expected[at] = (expected[at] as number) + (dout[o] as number);
        });
        const dx = onBoth((build) => {
          const { argmax } = maxPool(build, s, x, all.length);
          const at = build.floats(x.length, before);
          const from = build.floats(dout.length, dout);
          const [ofImage, count] = [x.length / s.batch, dout.length / s.batch];
          const add = Number(accumulate);
          build.core.f32_max_pool2d_dx(at, from, argmax, s.batch, ofImage, count, add);
          return build.read(at, x.length);
        });
        expect(bits(dx)).toEqual(bits(expected));
      }),
      { numRuns: 60, seed: 12 },
    );
  });
});

describe("f32_avg_pool2d()", () => {
  it.each([false, true])("is the mean of each window, padding counted %s", (countPadding) => {
    fc.assert(
      fc.property(anyShape, (s) => {
        const x = noise(sizeOf(s), 9);
        const all = windows(s);
        const out = onBoth((build) => {
          const shape = place(build, s);
          const at = build.floats(all.length);
          build.core.f32_avg_pool2d(at, build.floats(x.length, x), Number(countPadding), shape);
          return build.read(at, all.length);
        });
        all.forEach((window, o) => {
          const sum = window.reduce((total, i) => total + (x[i] as number), 0);
          const count = countPadding ? s.kernelHeight * s.kernelWidth : window.length;
          expect(out[o]).toBeCloseTo(sum / count, 5);
        });
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  it.each([false, true])("spreads each gradient over its window, accumulate %s", (accumulate) => {
    fc.assert(
      fc.property(anyShape, fc.boolean(), (s, countPadding) => {
        const all = windows(s);
        const dout = noise(all.length, 14);
        const before = noise(sizeOf(s), 15);
        const expected = accumulate ? Float64Array.from(before) : new Float64Array(before.length);
        all.forEach((window, o) => {
          const count = countPadding ? s.kernelHeight * s.kernelWidth : window.length;
          for (const i of window) {
            expected[i] = (expected[i] as number) + (dout[o] as number) / count;
          }
        });
        const dx = onBoth((build) => {
          const shape = place(build, s);
          const at = build.floats(before.length, before);
          const from = build.floats(dout.length, dout);
          const { core } = build;
          core.f32_avg_pool2d_dx(at, from, Number(countPadding), Number(accumulate), shape);
          return build.read(at, before.length);
        });
        expected.forEach((value, i) => {
          expect(dx[i]).toBeCloseTo(value, 5);
        });
      }),
      { numRuns: 60, seed: 16 },
    );
  });
});

describe("f32_global_avg_pool()", () => {
  it.each([1, 3, 4, 5, 16, 33])(
    "averages all pixels of %i channels and spreads back",
    (channels) => {
      const batch = 2;
      const pixels = 6;
      const x = noise(batch * pixels * channels, 17);
      const out = onBoth((build) => {
        build.reset();
        const at = build.floats(batch * channels);
        const from = build.floats(x.length, x);
        build.core.f32_global_avg_pool(at, from, batch, pixels, channels);
        return build.read(at, batch * channels);
      });
      const dx = onBoth((build) => {
        build.reset();
        const at = build.floats(x.length, x);
        const from = build.floats(out.length, out);
        build.core.f32_global_avg_pool_dx(at, from, batch, pixels, channels, 1);
        return build.read(at, x.length);
      });
      for (let i = 0; i < x.length; i++) {
        const image = Math.floor(i / (pixels * channels));
        const o = image * channels + (i % channels);
        let sum = 0;
        for (let p = 0; p < pixels; p++)
          sum += x[(image * pixels + p) * channels + (i % channels)] as number;
        expect(out[o]).toBeCloseTo(sum / pixels, 5);
        expect(dx[i]).toBeCloseTo((x[i] as number) + (out[o] as number) / pixels, 5);
      }
    },
  );
});
