import { describe, expect, it } from "vitest";
import { type BagData, type DenseData, mask, subset } from "../../src/data/dataset.ts";
import { createTiny } from "../support/tiny-dataset.ts";

describe("subset()", () => {
  it("takes values, tokens, masks, labels, ids and groups along", () => {
    const part = subset(createTiny(), [2, 1]);
    const { image, text } = part.modalities as { image: DenseData; text: BagData };
    expect([...image.values]).toEqual([5, 6, 7, 8, 0, 0, 0, 0]);
    expect([...(image.present as Uint8Array)]).toEqual([1, 0]);
    expect([...text.ids]).toEqual([1, 0]);
    expect([...text.offsets]).toEqual([0, 0, 2]);
    expect([...part.labels]).toEqual([0, 1]);
    expect(part.ids).toEqual(["c", "b"]);
    expect([...(part.groups as Int32Array)]).toEqual([0, 1]);
    expect(part.size).toBe(2);
  });

  it("refuses a position out of range", () => {
    expect(() => subset(createTiny(), [3])).toThrow("expected an index from 0 to 2, got 3");
  });
});

describe("mask()", () => {
  it("takes away what was there and brings nothing back", () => {
    const masked = mask(createTiny(), { image: Uint8Array.of(0, 1, 1) });
    expect([...(masked.modalities.image.present as Uint8Array)]).toEqual([0, 0, 1]);
    expect([...(masked.modalities.text.present as Uint8Array)]).toEqual([1, 1, 0]);
  });

  it("refuses a mask of another length", () => {
    expect(() => mask(createTiny(), { text: new Uint8Array(2) })).toThrow(
      "expected 3 bytes, got 2",
    );
  });
});
