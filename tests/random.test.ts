import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashStream, philox4x32, Random } from "../src/random.ts";

const SEED = 20240607;

describe("philox4x32()", () => {
  // Known answers published with Random123 (kat_vectors, philox4x32 with 10 rounds).
  it.each([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      answer: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      answer: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      answer: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const)("gives the known answer for key $key", ({ counter, key, answer }) => {
    const output = new Uint32Array(4);
    philox4x32(counter, key, output);
    expect([...output]).toEqual([...answer]);
  });
});

describe("hashStream()", () => {
  it("is FNV-1a with 32 bits", () => {
    expect(hashStream("")).toBe(0x811c9dc5);
    expect(hashStream("a")).toBe(0xe40c292c);
    expect(hashStream("foobar")).toBe(0xbf9cf968);
  });
});

describe("Random", () => {
  it("maps seed and stream to the key, and the block to the counter", () => {
    const random = new Random(7, "weights");
    const block = new Uint32Array(4);
    for (const index of [0, 1, 2]) {
      philox4x32([index, 0, 0, 0], [7, hashStream("weights")], block);
      expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toEqual([
        ...block,
      ]);
    }
  });

  it("repeats for the same seed and stream, and differs for others", () => {
    const draw = (seed: number, stream: string | number) => {
      const random = new Random(seed, stream);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(draw(1, "a")).toEqual(draw(1, "a"));
    expect(draw(1, "a")).not.toEqual(draw(2, "a"));
    expect(draw(1, "a")).not.toEqual(draw(1, "b"));
  });

  it("float() is the upper 24 bits of the word, below 1", () => {
    const words = new Random(3);
    const floats = new Random(3);
    for (let i = 0; i < 1000; i++) {
      const value = floats.float();
      expect(value * 2 ** 24).toBe(words.uint32() >>> 8);
      expect(value).toBeLessThan(1);
    }
  });

  it("int() stays in range and gives each value equally often", () => {
    const random = new Random(SEED, "int");
    const counts = new Int32Array(7);
    for (let i = 0; i < 14000; i++) {
      const value = random.int(7);
      counts[value] = (counts[value] as number) + 1;
    }
    // 2000 expected each, deviation about 41: six deviations.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(250);
  });

  it("int() rejects the incomplete last run", () => {
    const bound = 3 * 2 ** 30; // a quarter of all words is rejected
    const words = new Random(11);
    const ints = new Random(11);
    for (let i = 0; i < 200; i++) {
      let word = words.uint32();
      while (word >= bound) word = words.uint32();
      expect(ints.int(bound)).toBe(word);
    }
  });

  it("normal() has mean 0, variance 1", () => {
    const random = new Random(SEED, "normal");
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 20000; i++) {
      const value = random.normal();
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / 20000)).toBeLessThan(0.04);
    expect(Math.abs(squares / 20000 - 1)).toBeLessThan(0.06);
  });

  it("shuffle() keeps every element", () => {
    fc.assert(
      fc.property(fc.int32Array({ maxLength: 50 }), fc.nat(), (values, seed) => {
        const shuffled = new Random(seed).shuffle(Int32Array.from(values));
        expect([...shuffled].sort()).toEqual([...values].sort());
      }),
      { seed: SEED },
    );
  });

  it("refuses seeds, streams and bounds that are no unsigned 32-bit integers", () => {
    expect(() => new Random(-1)).toThrow(
      "random: Cannot use the seed: expected an integer from 0 to 4294967295, got -1",
    );
    expect(() => new Random(0, 0.5)).toThrow("Cannot use the stream");
    expect(() => new Random(0).int(0)).toThrow("expected a bound from 1 to 4294967296, got 0");
  });
});
