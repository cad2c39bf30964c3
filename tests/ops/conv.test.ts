import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";
import { conv1d, conv2d } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const engine = ENGINES.simd;
const zeros = (...shape: number[]) => engine.tensor(0, shape);

describe("conv2d()", () => {
  it("refuses operands that do not fit, saying which layouts it takes", () => {
    engine.scope(() => {
      expect(() => conv2d(zeros(1, 5, 5, 3), zeros(3, 3, 4, 8))).toThrow(ShapeError);
      expect(() => conv2d(zeros(1, 5, 5, 3), zeros(3, 3, 4, 8))).toThrow(
        "conv2d: Cannot convolve: expected x [n, height, width, channels] and weight [kernelHeight, kernelWidth, channels, outChannels], got [1, 5, 5, 3] and [3, 3, 4, 8]",
      );
      expect(() => conv2d(zeros(1, 5, 5, 4), zeros(3, 3, 2, 3), { groups: 2 })).toThrow(
        "weight [kernelHeight, kernelWidth, channels / 2, outChannels] with outChannels a multiple of 2",
      );
      const bias = zeros(3);
      expect(() => conv2d(zeros(1, 5, 5, 1), zeros(3, 3, 1, 2), { bias })).toThrow(
        "conv2d: Cannot add the bias: expected [2], got [3]",
      );
      expect(() => conv2d(zeros(1, 2, 5, 1), zeros(3, 3, 1, 2))).toThrow(
        "conv2d: Cannot fit the window: expected a height of at least 3, got 2",
      );
    });
  });

  it("refuses settings out of range", () => {
    engine.scope(() => {
      const run = (options: object) => () => conv2d(zeros(1, 5, 5, 1), zeros(3, 3, 1, 2), options);
      expect(run({ stride: 0 })).toThrow(OptionError);
      expect(run({ stride: [1, 0.5] })).toThrow(
        "conv2d: Cannot use the stride: expected a whole number >= 1, got 0.5",
      );
      expect(run({ padding: -1 })).toThrow("Cannot use the padding");
      expect(run({ dilation: 0 })).toThrow("Cannot use the dilation");
      expect(run({ groups: 0 })).toThrow("Cannot use the number of groups");
      expect(run({ activation: "gelu" })).toThrow('Cannot find activation "gelu"');
    });
  });

  it("pads to ceil(length / stride) with padding same, the odd zero behind", () => {
    engine.scope(() => {
      const x = engine.tensor([1, 2, 3, 4], [1, 1, 4, 1]);
      const pair = engine.tensor([1, 10], [1, 2, 1, 1]);
      expect([...conv2d(x, pair, { padding: "same" }).toArray()]).toEqual([21, 32, 43, 4]);
      const out = conv2d(zeros(1, 5, 7, 1), zeros(3, 3, 1, 1), { padding: "same", stride: 2 });
      expect(out.shape).toEqual([1, 3, 4, 1]);
    });
  });
});

describe("conv1d()", () => {
  it("slides along the length alone", () => {
    engine.scope(() => {
      const x = engine.tensor([1, 2, 3, 4], [1, 4, 1], { requiresGrad: true });
      const weight = engine.tensor([1, 10], [2, 1, 1]);
      const out = conv1d(x, weight, { stride: 2, padding: 1 });
      expect(out.shape).toEqual([1, 3, 1]);
      expect([...out.toArray()]).toEqual([10, 32, 4]);
      engine.backward(out, engine.tensor([1, 1, 1], [1, 3, 1]));
      expect([...(engine.gradient(x) ?? [])]).toEqual([10, 1, 10, 1]);
    });
  });

  it("names its own layout", () => {
    engine.scope(() => {
      expect(() => conv1d(zeros(4, 2), zeros(2, 2, 1))).toThrow(
        "conv1d: Cannot convolve: expected x [n, length, channels] and weight [kernel, channels, outChannels], got [4, 2] and [2, 2, 1]",
      );
    });
  });
});
