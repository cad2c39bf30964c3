import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arrays,
  type Extras,
  KINDS,
  type Kind,
  outHeight,
  outWidth,
  PLAIN,
  reference,
  run,
  SAME_3X3,
  type Shape,
} from "../support/conv-kernel.ts";
import { bits, KERNEL_CORES } from "../support/kernel-core.ts";

function check(s: Shape, kind: Kind, extras: Extras): void {
  const simd = run(KERNEL_CORES.simd, s, kind, extras);
  const scalar = bits(run(KERNEL_CORES.scalar, s, kind, extras));
  expect(bits(simd).findIndex((value, i) => value !== scalar[i])).toBe(-1);
  // Rounding grows with the number of terms; a missing term would be of the order of 0.3.
  const worst = reference(s, kind, extras).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (simd[i] as number))),
    0,
  );
  expect(worst).toBeLessThanOrEqual(2e-3);
}
const anyShape: fc.Arbitrary<Shape> = fc
  .record({
    batch: fc.integer({ min: 0, max: 3 }),
    height: fc.integer({ min: 1, max: 10 }),
    width: fc.integer({ min: 1, max: 10 }),
    channels: fc.integer({ min: 1, max: 6 }),
    outChannels: fc.integer({ min: 1, max: 19 }),
    kernelHeight: fc.integer({ min: 1, max: 4 }),
    kernelWidth: fc.integer({ min: 1, max: 4 }),
    strideY: fc.integer({ min: 1, max: 3 }),
    strideX: fc.integer({ min: 1, max: 3 }),
    padTop: fc.integer({ min: 0, max: 5 }),
    padBottom: fc.integer({ min: 0, max: 5 }),
    padLeft: fc.integer({ min: 0, max: 5 }),
    padRight: fc.integer({ min: 0, max: 5 }),
    dilationY: fc.integer({ min: 1, max: 2 }),
    dilationX: fc.integer({ min: 1, max: 2 }),
    groups: fc.integer({ min: 1, max: 3 }),
  })
  .map((s) => ({ ...s, channels: s.channels * s.groups, outChannels: s.outChannels * s.groups }))
  .filter(
    (s) =>
      (s.kernelHeight - 1) * s.dilationY < s.height + s.padTop + s.padBottom &&
      (s.kernelWidth - 1) * s.dilationX < s.width + s.padLeft + s.padRight,
  );

describe.each(KINDS)("f32_conv2d, %s", (kind) => {
  it("agrees with the definition and between the builds for any shape", () => {
    fc.assert(
      fc.property(
        anyShape,
        fc.record({ accumulate: fc.boolean(), bias: fc.boolean(), relu: fc.boolean() }),
        (shape, extras) => check(shape, kind, extras),
      ),
      { numRuns: 150, seed: 3 },
    );
  });

  it.each([
    ["3 x 3, same size", {}],
    [
      "1 x 1",
      { kernelHeight: 1, kernelWidth: 1, padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 },
    ],
    [
      "1 x 1, stride 2",
      { kernelHeight: 1, kernelWidth: 1, padTop: 0, padLeft: 0, strideY: 2, strideX: 2 },
    ],
    ["runs longer than a block", { channels: 300, height: 3, width: 3 }],
    ["more outputs than a block", { outChannels: 530, height: 3, width: 2 }],
    [
      "an image larger than a unit",
      { height: 300, width: 230, channels: 2, outChannels: 2, batch: 1 },
    ],
    [
      "the same, stride 2",
      { height: 300, width: 460, channels: 1, outChannels: 4, batch: 1, strideY: 2, strideX: 2 },
    ],
    ["depthwise", { channels: 12, outChannels: 12, groups: 12 }],
    ["depthwise, two outputs per input", { channels: 6, outChannels: 12, groups: 6 }],
  ])("handles %s", (_name, change) => {
    check({ ...SAME_3X3, ...change }, kind, PLAIN);
    check({ ...SAME_3X3, ...change }, kind, { accumulate: true, bias: true, relu: true });
  });
});

describe("f32_conv2d()", () => {
  it.each(["simd", "scalar"] as const)("leaves out what lies in the padding, %s", (build) => {
    const shape = {
      ...SAME_3X3,
      batch: 1,
      height: 6,
      strideX: 2,
      strideY: 2,
      padTop: 2,
      padBottom: 0,
    };
    const values = arrays(shape);
    // The first tap: only pixels whose corner lies inside the image may see it.
    values.w.fill(Number.POSITIVE_INFINITY, 0, shape.channels * shape.outChannels);
    const out = run(KERNEL_CORES[build], shape, "out", PLAIN, values);
    const finite = Array.from({ length: outHeight(shape) }, (_, y) =>
      Array.from({ length: outWidth(shape) }, (_, x) =>
        Number.isFinite(out[(y * outWidth(shape) + x) * shape.outChannels]),
      ),
    );
    expect(finite).toEqual([
      [true, true, true],
      [true, false, false],
      [true, false, false],
    ]);
  });

  it("has the bias alone where nothing but padding is read", () => {
    const shape = { ...SAME_3X3, padTop: 4, kernelHeight: 2 };
    check(shape, "out", { accumulate: false, bias: true, relu: false });
    check(shape, "out", { accumulate: false, bias: true, relu: true });
    check({ ...shape, channels: 10, outChannels: 10, groups: 10 }, "out", PLAIN);
  });

  it("gives an image of many channels the same bits alone and in a batch", () => {
    const shape = { ...SAME_3X3, channels: 16, outChannels: 24 };
    const both = run(KERNEL_CORES.simd, shape, "out", PLAIN);
    const alone = run(KERNEL_CORES.simd, { ...shape, batch: 1 }, "out", PLAIN);
    expect(bits(both.slice(0, alone.length))).toEqual(bits(alone));
  });

  it("gives an image the same bits alone and in a batch", () => {
    const both = run(KERNEL_CORES.simd, SAME_3X3, "out", PLAIN);
    const alone = run(KERNEL_CORES.simd, { ...SAME_3X3, batch: 1 }, "out", PLAIN);
    expect(bits(both.slice(0, alone.length))).toEqual(bits(alone));
  });
});
