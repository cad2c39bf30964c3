import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arrays,
  type Extras,
  KINDS,
  type Kind,
  PLAIN,
  reference,
  run,
  SAME_3X3,
  type Shape,
} from "../support/conv-kernel.ts";
import { bits, KERNEL_CORES } from "../support/kernel-core.ts";

/**
 * Largest error of a Winograd convolution, in roundings (2^-24) of the largest value there is times the sum of the
 * weights' magnitudes; for the filter's gradient of the largest input times the sum of the gradients' magnitudes.
 */
const WINOGRAD_ROUNDINGS = 8;

function checkWinograd(s: Shape, kind: Kind, extras: Extras): void {
  const simd = run(KERNEL_CORES.simd, s, kind, extras);
  const scalar = bits(run(KERNEL_CORES.scalar, s, kind, extras));
  expect(bits(simd).findIndex((value, i) => value !== scalar[i])).toBe(-1);
  const { x, w, out } = arrays(s);
  const largest = (values: Float32Array): number =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // Per channel of the result: kernels and pictures end with the output channel, dx counts input channels.
  const sums = new Float64Array(kind === "dx" ? s.channels : s.outChannels);
  const terms = kind === "dw" ? out : w;
  terms.forEach((value, i) => {
    const channel = kind === "dx" ? Math.floor(i / s.outChannels) % s.channels : i % s.outChannels;
    sums[channel] = (sums[channel] as number) + Math.abs(value);
  });
  const scale = largest(kind === "dx" ? out : x);
  const worst = reference(s, kind, extras).reduce((most, value, i) => {
    // What is accumulated on, and the bias, are below 1 and rounded once more.
    const size = scale * (sums[i % sums.length] as number) + 1;
    return Math.max(most, Math.abs(value - (simd[i] as number)) / size);
  }, 0);
  expect(worst / 2 ** -24).toBeLessThanOrEqual(WINOGRAD_ROUNDINGS);
}

const winogradShape: fc.Arbitrary<Shape> = fc
  .record({
    batch: fc.integer({ min: 0, max: 3 }),
    height: fc.integer({ min: 1, max: 14 }),
    width: fc.integer({ min: 1, max: 14 }),
    channels: fc.integer({ min: 8, max: 37 }),
    outChannels: fc.integer({ min: 8, max: 37 }),
    padTop: fc.integer({ min: 0, max: 3 }),
    padBottom: fc.integer({ min: 0, max: 3 }),
    padLeft: fc.integer({ min: 0, max: 3 }),
    padRight: fc.integer({ min: 0, max: 3 }),
  })
  .map((s) => ({ ...SAME_3X3, ...s }))
  .filter((s) => s.height + s.padTop + s.padBottom > 2 && s.width + s.padLeft + s.padRight > 2);

describe.each(KINDS)("f32_conv2d of 3 x 3 with many channels, %s", (kind) => {
  it("stays within the error bound of Winograd's transforms, with the same bits on both builds", () => {
    fc.assert(
      fc.property(
        winogradShape,
        fc.record({ accumulate: fc.boolean(), bias: fc.boolean(), relu: fc.boolean() }),
        (shape, extras) => checkWinograd(shape, kind, extras),
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  it("goes on where more tiles are needed than are transformed at once", () => {
    const [channels, outChannels] = kind === "dx" ? [9, 520] : [520, 9];
    checkWinograd(
      { ...SAME_3X3, batch: 1, height: 31, width: 30, channels, outChannels },
      kind,
      PLAIN,
    );
  });
});
