import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeMethods, methodTables } from "../../src/methods/describe.ts";
import { METHODS } from "../../src/methods/registry.ts";

describe("describeMethods()", () => {
  it("knows every method, by name", () => {
    const names = describeMethods().map(({ name }) => name);
    expect(names).toEqual(Object.keys(METHODS).sort());
  });

  it("states each option with one line", () => {
    for (const { name, options } of describeMethods()) {
      for (const [key, { doc }] of Object.entries(options)) {
        expect(doc, `${name}.${key}`).toMatch(/^[^\n]{8,}$/);
      }
    }
  });
});

describe("docs/methods.md", () => {
  it("has the tables of the definitions; npm run docs writes them", () => {
    expect(readFileSync("docs/methods.md", "utf8")).toContain(`\n${methodTables()}\n`);
  });
});
