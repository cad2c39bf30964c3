import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/engine/errors.ts";
import { toHalf } from "../../src/io/half.ts";
import { fromInt8, toInt8 } from "../../src/io/int8.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";

/** What half-precision bits mean, as the reader of files has it. */
function halves(bits: Uint16Array): Float32Array {
  const file = encodeSafetensors({ x: { shape: [bits.length], data: bits, storeAs: "F16" } });
  return decodeSafetensors(file).tensors.get("x")?.data as Float32Array;
}

describe("toHalf()", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const values = halves(all);

  it("gives every half back", () => {
    values.forEach((value, bits) => {
      if (Number.isNaN(value))
        expect(Number.isNaN(halves(Uint16Array.of(toHalf(value)))[0])).toBe(true);
      else expect(toHalf(value)).toBe(bits);
    });
  });

  it("takes the nearest half, the even one of two, and infinity beyond the greatest", () => {
    const finite = all.slice(0, 0x7c00);
    finite.forEach((bits) => {
      const low = values[bits] as number;
      const high = bits + 1 < 0x7c00 ? (values[bits + 1] as number) : 65536;
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      expect(toHalf(middle)).toBe(even);
      expect(toHalf(-middle)).toBe(even | 0x8000);
      expect(toHalf(low + (high - low) * 0.499)).toBe(bits);
      expect(toHalf(low + (high - low) * 0.501)).toBe(bits + 1);
    });
    expect(toHalf(1e9)).toBe(0x7c00);
    expect(toHalf(-1e-12)).toBe(0x8000);
  });
});

describe("toInt8()", () => {
  it("is off by half a step of its channel at most, and takes the better axis", () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.record({
          shape: fc.constant([rows, columns]),
          data: fc.float32Array({
            minLength: rows * columns,
            maxLength: rows * columns,
            min: -100,
            max: 100,
            noNaN: true,
          }),
        }),
      );
    fc.assert(
      fc.property(matrix, ({ shape, data }) => {
        const { values, scales, axis } = toInt8(data, shape);
        const again = fromInt8(values, scales, shape, axis);
        again.forEach((value, i) => {
          const channel =
            axis === 0 ? Math.floor(i / (shape[1] as number)) : i % (shape[1] as number);
          const step = scales[channel] as number;
          expect(Math.abs(value - (data[i] as number))).toBeLessThanOrEqual(step * 0.50001 + 1e-42);
        });
      }),
      { seed: 5, numRuns: 200 },
    );
    // A large row beside a small one, each a multiple of its own step; then columns.
    expect(toInt8(Float32Array.of(127, 1, 1.27, 0.01), [2, 2]).axis).toBe(0);
    expect(toInt8(Float32Array.of(127, 1.27, 1, 0.01), [2, 2]).axis).toBe(1);
  });
});

it("refuses to store elements as a type of another width", () => {
  const tensor = { shape: [1], data: Float32Array.of(1), storeAs: "F16" as const };
  expect(() => encodeSafetensors({ x: tensor })).toThrow(DataError);
  expect(() => encodeSafetensors({ x: tensor })).toThrow(
    '"x" as F16: expected 2 bytes per element, got 4',
  );
});
