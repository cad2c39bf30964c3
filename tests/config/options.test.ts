import { describe, expect, it } from "vitest";
import {
  choice,
  describeOption,
  flag,
  integer,
  integers,
  number,
  parseOption,
  record,
  resolveOptions,
} from "../../src/config/options.ts";
import {
  bindPart,
  configOf,
  definePart,
  definitionOf,
  findPart,
  registryOf,
} from "../../src/config/part.ts";

const specs = {
  rate: number(0.1, "step size", { min: 0 }),
  steps: integer(3, "steps", { min: 1, max: 9 }),
  hidden: integers([8], "widths"),
  mode: choice(["a", "b"], "a", "mode"),
  fast: flag(false, "fast"),
  weights: record("weight by modality"),
};

describe("resolveOptions()", () => {
  it("fills in defaults and keeps zeros and false", () => {
    expect(resolveOptions("x", specs, { rate: 0, mode: "b" })).toEqual({
      rate: 0,
      steps: 3,
      hidden: [8],
      mode: "b",
      fast: false,
      weights: {},
    });
  });

  it.each([
    [{ speed: 1 }, 'x: Cannot find option "speed": expected one of "rate", "steps"'],
    [{ rate: -1 }, 'x: Cannot set option "rate": expected a number >= 0, got -1'],
    [{ rate: Number.NaN }, 'x: Cannot set option "rate": expected a number >= 0'],
    [{ steps: 2.5 }, 'x: Cannot set option "steps": expected a whole number from 1 to 9, got 2.5'],
    [{ hidden: [0] }, 'x: Cannot set option "hidden": expected whole numbers >= 1, got [0]'],
    [{ mode: "c" }, 'x: Cannot set option "mode": expected one of "a", "b", got "c"'],
    [{ fast: 1 }, 'x: Cannot set option "fast": expected true or false, got 1'],
    [{ weights: { image: -1 } }, 'x: Cannot set option "weights": expected numbers >= 0 by name'],
  ])("refuses %j", (given, message) => {
    expect(() => resolveOptions("x", specs, given)).toThrow(message);
  });
});

describe("parseOption()", () => {
  it("reads the text of a flag", () => {
    expect(parseOption(specs.rate, "1e-3")).toBe(0.001);
    expect(parseOption(specs.rate, "")).toBeNaN();
    expect(parseOption(specs.hidden, "4,5")).toEqual([4, 5]);
    expect(parseOption(specs.weights, "image=0.5, words=1")).toEqual({ image: 0.5, words: 1 });
    expect(parseOption(specs.fast, "true")).toBe(true);
    expect(parseOption(specs.fast, "yes")).toBe("yes");
  });
});

describe("describeOption()", () => {
  it("says what an unbounded number takes", () => {
    expect(describeOption(number(1, "any"))).toBe("a number");
  });
});

describe("definePart()", () => {
  const part = definePart("method", { name: "demo", title: "Demo", options: specs });

  it("configures as JSON", () => {
    expect(part({ steps: 4 })).toMatchObject({ name: "demo", options: { steps: 4, rate: 0.1 } });
  });

  it("stays with its configuration, which is plain JSON all the same", () => {
    const config = part({ steps: 4 });
    expect(definitionOf("method", config)).toBe(part.definition);
    expect(Object.getOwnPropertySymbols({ ...config })).toEqual([]);
    const copy = JSON.parse(JSON.stringify(config));
    expect(copy).toEqual(config);
    expect(() => definitionOf("method", copy)).toThrow(
      "got its name alone; configure it by calling",
    );
    expect(definitionOf("method", bindPart("method", copy, [part]))).toBe(part.definition);
  });

  it("is bound among parts of its kind and what comes with them", () => {
    const rule = definePart("fusion", { name: "rule", title: "Rule", options: {} });
    const late = { name: "late", title: "Late", options: {}, startsFrom: part.definition };
    const method = definePart("method", { ...late, fusion: rule() });
    const bound = (kind: string, name: string) =>
      definitionOf(kind, bindPart(kind, { name, options: {} }, [method]));
    expect(bound("fusion", "rule")).toBe(rule.definition);
    expect(bound("method", "demo")).toBe(part.definition);
    expect(() => bound("method", "rule")).toThrow(
      'method: Cannot find "rule": expected one of "demo", "late"',
    );
    expect(() => bindPart("fusion", configOf("method", part.definition))).toThrow(
      'fusion: Cannot find "demo": expected a part of this kind',
    );
  });

  it("is found by name, and an unknown name lists the valid ones", () => {
    const registry = registryOf({ part });
    expect(findPart("method", registry, "demo")).toBe(part.definition);
    expect(() => findPart("method", registry, "toString")).toThrow(
      'method: Cannot find "toString": expected one of "demo"',
    );
  });
});
