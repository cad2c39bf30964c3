import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeCost, describeEncoders, encoderTable } from "../../src/encoders/describe.ts";
import * as encoders from "../../src/encoders/index.ts";
import { captureCli } from "../support/run-cli.ts";

it("knows every encoder with its size and cost", () => {
  const names = Object.values(encoders).map(({ definition }) => definition.name);
  const all = describeEncoders();
  expect(all.map(({ name }) => name)).toEqual(names.sort());
  for (const { cost } of all) expect(cost.size).toBeGreaterThan(0);
  const resnet = all.find(({ name }) => name === "resnet18");
  expect(resnet && describeCost(resnet.cost)).toBe("11.2 million weights, 3.63 GFLOP per sample");
});

it("states the same on the command line and in docs/encoders.md, which npm run docs writes", async () => {
  expect(readFileSync("docs/encoders.md", "utf8")).toContain(`\n${encoderTable()}\n`);
  const { out, code } = await captureCli("encoders");
  expect(code).toBe(0);
  expect(out).toContain("[224, 224, 3]: 11.2 million weights, 3.63 GFLOP per sample");
});
