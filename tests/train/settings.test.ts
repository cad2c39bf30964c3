import { expect, it } from "vitest";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { mlp } from "../../src/encoders/index.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import { fixed } from "../../src/fusion/index.ts";
import { mla } from "../../src/methods/index.ts";
import { resolveSettings } from "../../src/train/settings.ts";
import { SMALL } from "./support.ts";

it("names an unknown setting and the valid ones", () => {
  const config = { ...SMALL, epoch: 3 };
  expect(() => resolveSettings(config)).toThrow(OptionError);
  expect(() => resolveSettings(config)).toThrow(/"epoch": expected one of .*"epochs"/);
});

it("names unknown class weights", () => {
  const config = { ...SMALL, classWeights: "even" as "equal" };
  expect(() => resolveSettings(config)).toThrow(/"even": expected one of "equal", "balanced"/);
});

it("refuses validation data of another shape by the modality's name", () => {
  const labels = ["a", "b"];
  const data = {
    train: fromArrays({ modalities: { x: [[1], [2]] }, labels }),
    validation: fromArrays({
      modalities: {
        x: [
          [1, 2],
          [2, 3],
        ],
      },
      labels,
    }),
  };
  const config = { data, encoders: { x: mlp() } };
  expect(() => resolveSettings(config)).toThrow(DataError);
  expect(() => resolveSettings(config)).toThrow('modality "x"');
});

it("refuses options that every object inherits, and NaN by its name", () => {
  expect(() => mla({ constructor: 1 } as object)).toThrow(OptionError);
  expect(() => mla({ alpha: Number.NaN })).toThrow("got NaN");
});

it("refuses fixed fusion without a weight for every modality", () => {
  const [first, ...others] = Object.keys(SMALL.encoders);
  const weights = Object.fromEntries(others.map((m) => [m, 1]));
  const missing = () => resolveSettings({ ...SMALL, fusion: fixed({ weights }) });
  expect(missing).toThrow(OptionError);
  expect(missing).toThrow(`fixed: Cannot weigh modality "${first}"`);
  expect(() => resolveSettings({ ...SMALL, fusion: fixed() })).toThrow("got none");
});
