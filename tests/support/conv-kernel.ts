/** The convolution kernels of both builds on made values, and the definition in float64. */
import { expect } from "vitest";
import { type KernelCore, noise } from "./kernel-core.ts";

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
export type Shape = Readonly<Record<(typeof FIELDS)[number], number>>;
export type Kind = "out" | "dx" | "dw";

export interface Extras {
  readonly accumulate: boolean;
  readonly bias: boolean;
  readonly relu: boolean;
}

export const PLAIN: Extras = { accumulate: false, bias: false, relu: false };
export const SAME_3X3: Shape = {
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

export function outHeight(s: Shape): number {
  const free = s.height + s.padTop + s.padBottom - (s.kernelHeight - 1) * s.dilationY - 1;
  return Math.floor(free / s.strideY) + 1;
}

export function outWidth(s: Shape): number {
  const free = s.width + s.padLeft + s.padRight - (s.kernelWidth - 1) * s.dilationX - 1;
  return Math.floor(free / s.strideX) + 1;
}

export function arrays(s: Shape) {
  return {
    x: noise(s.batch * s.height * s.width * s.channels, 1),
    w: noise((s.kernelHeight * s.kernelWidth * s.channels * s.outChannels) / s.groups, 2),
    out: noise(s.batch * outHeight(s) * outWidth(s) * s.outChannels, 3),
    bias: noise(s.outChannels, 4),
  };
}

export function run(
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
export function reference(s: Shape, kind: Kind, extras: Extras): Float64Array {
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

export const KINDS: readonly Kind[] = ["out", "dx", "dw"];
