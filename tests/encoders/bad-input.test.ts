import { expect, it } from "vitest";
import type { PartConfig } from "../../src/config/part.ts";
import type { InputSpec } from "../../src/encoders/encoder.ts";
import { gru, resnet18, textCnn, transformer } from "../../src/encoders/index.ts";
import { planEncoder } from "../../src/encoders/plan.ts";
import { OptionError, ShapeError } from "../../src/engine/errors.ts";

const dense = (...shape: number[]): InputSpec => ({ kind: "dense", shape });
const bag: InputSpec = { kind: "bag", vocabulary: 5 };

const CASES: [string, PartConfig, InputSpec, typeof OptionError | typeof ShapeError, string][] = [
  ["a vector for pictures", resnet18(), dense(9), ShapeError, "expected [height, width, channels]"],
  ["features of another length", resnet18({ out: "none" }), dense(8, 8, 1), OptionError, "got 512"],
  ["tokens for pictures", resnet18(), bag, OptionError, "expected dense input, got bag"],
  ["numbers for tokens", textCnn(), dense(4, 4), OptionError, "expected bag input, got dense"],
  ["a picture for frames", gru(), dense(4, 4, 1), ShapeError, "frames [T, F], got [4, 4, 1]"],
  ["a vector for frames", transformer(), dense(4), ShapeError, "frames [T, F], got [4]"],
  ["less than a patch", transformer(), dense(7, 7, 1), ShapeError, "got [7, 7, 1]"],
  ["heads that do not divide", transformer({ heads: 5 }), bag, OptionError, "a divisor of 64"],
];

it.each(CASES)("%s is refused", (_, config, input, type, message) => {
  const plan = () => planEncoder("m", config, input, 32);
  expect(plan).toThrow(type);
  expect(plan).toThrow(message);
});

it("plans the known size and cost of ResNet-18", () => {
  // torchvision: 11,689,512 values with the layer of 1000 classes (513,000), 1.81 billion multiply-adds.
  const config = resnet18({ out: "none" });
  const { size, flops } = planEncoder("image", config, dense(224, 224, 3), 512);
  expect(size).toBe(11689512 - 513000);
  expect(flops / 2e9).toBeCloseTo(1.81, 1);
});
