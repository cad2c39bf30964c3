import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bits, KERNEL_CORES, type KernelCore, noise } from "../support/kernel-core.ts";

/** In the order of the kernels' ConvShape. */
const FIELDS = [
  "batch",
  "height",
  "width",
  "channels",
  "outChannels",
  "kernelHeight",
  "kernelWidth",
  "strideY",
  "strideX",
  "padTop",
  "padBottom",
  "padLeft",
  "padRight",
  "dilationY",
  "dilationX",
  "groups",
] as const;
type Shape = Readonly<Record<(typeof FIELDS)[number], number>>;
type Kind = "out" | "dx" | "dw";

interface Extras {
  readonly accumulate: boolean;
  readonly bias: boolean;
  readonly relu: boolean;
}

const PLAIN: Extras = { accumulate: false, bias: false, relu: false };
const SAME_3X3: Shape = {
  batch: 2,
  height: 7,
  width: 6,
  channels: 5,
  outChannels: 9,
  kernelHeight: 3,
  kernelWidth: 3,
  strideY: 1,
  strideX: 1,
  padTop: 1,
  padBottom: 1,
  padLeft: 1,
  padRight: 1,
  dilationY: 1,
  dilationX: 1,
  groups: 1,
};

function outHeight(s: Shape): number {
  const free = s.height + s.padTop + s.padBottom - (s.kernelHeight - 1) * s.dilationY - 1;
  return Math.floor(free / s.strideY) + 1;
}

function outWidth(s: Shape): number {
  const free = s.width + s.padLeft + s.padRight - (s.kernelWidth - 1) * s.dilationX - 1;
  return Math.floor(free / s.strideX) + 1;
}

function arrays(s: Shape) {
  return {
    x: noise(s.batch * s.height * s.width * s.channels, 1),
    w: noise((s.kernelHeight * s.kernelWidth * s.channels * s.outChannels) / s.groups, 2),
    out: noise(s.batch * outHeight(s) * outWidth(s) * s.outChannels, 3),
    bias: noise(s.outChannels, 4),
  };
}

function run(
  build: KernelCore,
  s: Shape,
  kind: Kind,
  extras: Extras,
  { x, w, out, bias } = arrays(s),
): Float32Array {
  const { core } = build;
  build.reset();
  const shape = build.ints(
    FIELDS.length,
    FIELDS.map((field) => s[field]),
  );
  const at = {
    x: build.floats(x.length, x),
    w: build.floats(w.length, w),
    out: build.floats(out.length, out),
    bias: extras.bias ? build.floats(bias.length, bias) : 0,
  };
  const scratch = build.bytes(core.f32_conv2d_scratch_bytes(shape));
  const guard = build.ints(4, [1, 2, 3, 4]);
  const add = Number(extras.accumulate);
  if (kind === "out") {
    core.f32_conv2d(at.out, at.x, at.w, at.bias, Number(extras.relu), shape, scratch);
  } else if (kind === "dx") {
    core.f32_conv2d_dx(at.x, at.out, at.w, add, shape, scratch);
  } else {
    core.f32_conv2d_dw(at.w, at.x, at.out, add, shape, scratch);
  }
  expect([...build.readInts(guard, 4)], "writes past its scratch").toEqual([1, 2, 3, 4]);
  if (kind === "out") return build.read(at.out, out.length);
  return kind === "dx" ? build.read(at.x, x.length) : build.read(at.w, w.length);
}

/** The definition in float64: every product of an input, a weight and an output, added where `kind` says. */
function reference(s: Shape, kind: Kind, extras: Extras): Float64Array {
  const { x, w, out, bias } = arrays(s);
  const rows = outHeight(s);
  const columns = outWidth(s);
  const inputs = s.channels / s.groups;
  const target = Float64Array.from(kind === "out" ? out : kind === "dx" ? x : w);
  if (kind === "out" || !extras.accumulate) target.fill(0);
  const add = (index: number, a: number | undefined, b: number | undefined): void => {
    target[index] = (target[index] as number) + (a as number) * (b as number);
  };
  for (let o = 0; o < out.length; o++) {
    const co = o % s.outChannels;
    const ox = Math.floor(o / s.outChannels) % columns;
    const oy = Math.floor(o / s.outChannels / columns) % rows;
    const image = Math.floor(o / s.outChannels / columns / rows);
    const first = Math.floor(co / (s.outChannels / s.groups)) * inputs;
    for (let t = 0; t < s.kernelHeight * s.kernelWidth; t++) {
      const y = oy * s.strideY - s.padTop + Math.floor(t / s.kernelWidth) * s.dilationY;
      const column = ox * s.strideX - s.padLeft + (t % s.kernelWidth) * s.dilationX;
      if (y < 0 || y >= s.height || column < 0 || column >= s.width) continue;
      for (let ci = 0; ci < inputs; ci++) {
        const xi = ((image * s.height + y) * s.width + column) * s.channels + first + ci;
        const wi = (t * inputs + ci) * s.outChannels + co;
        if (kind === "out") add(o, x[xi], w[wi]);
        else if (kind === "dx") add(xi, out[o], w[wi]);
        else add(wi, x[xi], out[o]);
      }
    }
    if (kind === "out" && extras.bias) add(o, 1, bias[co]);
    if (kind === "out" && extras.relu) target[o] = Math.max(target[o] as number, 0);
  }
  return target;
}

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

const KINDS: readonly Kind[] = ["out", "dx", "dw"];
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
