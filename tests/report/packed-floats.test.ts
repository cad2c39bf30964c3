import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataFormatError } from "../../src/engine/errors.ts";
import { packFloats, unpackFloats } from "../../src/report/packed-floats.ts";

describe("packFloats()", () => {
  it("gives every float32 back, NaN and -0 too", () => {
    fc.assert(
      fc.property(fc.float32Array(), (values) => {
        expect(unpackFloats(JSON.parse(JSON.stringify(packFloats(values))))).toEqual(values);
      }),
      { seed: 20240617 },
    );
  });

  it("is little-endian base64 whatever the machine", () => {
    expect(packFloats([1, -2])).toBe("AACAPwAAAMA=");
  });

  it("rejects other text and a cut number", () => {
    expect(() => unpackFloats("?!")).toThrow(DataFormatError);
    expect(() => unpackFloats("AACA")).toThrow("expected a multiple of 4 bytes, got 3");
  });
});
