import { describe, expect, it } from "vitest";
import { type Dataset, hasModality } from "../../src/data/dataset.ts";
import {
  describeProtocol,
  missingShare,
  PROTOCOL_PARTS,
  trainingProtocol,
  underProtocol,
} from "../../src/data/protocols.ts";
import { createSynthetic } from "../../src/data/synthetic.ts";

const { train } = await createSynthetic();
const dataset: Dataset = train;

describe("protocols", () => {
  it("lose pairs in the parts that they name, others in each part", () => {
    const protocol = PROTOCOL_PARTS.cells({ rate: 0.4 });
    const [a, b] = (["train", "test"] as const).map((part) =>
      underProtocol(dataset, part, protocol),
    );
    // 0.4 less the half of both lost that is given back.
    for (const part of [a, b]) expect(missingShare(part as Dataset)).toBeCloseTo(0.4 - 0.08, 1);
    expect(a?.modalities.easy?.present).not.toEqual(b?.modalities.easy?.present);
    const testOnly = PROTOCOL_PARTS.testOnly({ rate: 0.4 });
    expect(underProtocol(dataset, "train", testOnly)).toBe(dataset);
    expect(trainingProtocol(testOnly).name).toBe("complete");
    expect(trainingProtocol(protocol)).toEqual(protocol);
  });

  it("lose of one modality alone, in training alone", () => {
    const protocol = PROTOCOL_PARTS.oneModality({ lost: { hard: 0.9 } });
    const { modalities } = underProtocol(dataset, "train", protocol);
    expect(missingShare(underProtocol(dataset, "train", protocol))).toBeCloseTo(0.45, 1);
    expect([...dataset.labels.keys()].every((i) => hasModality(modalities.easy as never, i))).toBe(
      true,
    );
    expect(underProtocol(dataset, "test", protocol)).toBe(dataset);
    const unknown = PROTOCOL_PARTS.oneModality({ lost: { smell: 0.5 } });
    expect(() => underProtocol(dataset, "train", unknown)).toThrow(
      'expected one of "easy", "hard"',
    );
  });

  it("add noise of the asked share of the amplitude to the test part", () => {
    const protocol = PROTOCOL_PARTS.noise({ strength: { hard: 0.75 } });
    const noisy = underProtocol(dataset, "test", protocol).modalities.hard;
    const clean = dataset.modalities.hard;
    if (!noisy || !clean || !("values" in noisy && "values" in clean)) {
      throw new Error("numbers expected");
    }
    const { values: before } = clean;
    const power = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
    const added = noisy.values.map((x, i) => x - (before[i] as number));
    expect(Math.sqrt(power(added) / power(before))).toBeCloseTo(3, 1);
  });

  it("have labels that tell them apart", () => {
    expect(describeProtocol(PROTOCOL_PARTS.cells({ rate: 0.5 })).label).toBe("cells rate=0.5");
    expect(describeProtocol(PROTOCOL_PARTS.oneModality({ lost: { hard: 0.3 } }))).toMatchObject({
      label: "one-modality hard=0.3",
      line: "hard missing in training",
      at: 0.3,
    });
    expect(() => describeProtocol({ name: "cell", options: {} })).toThrow(
      'expected one of "cells"',
    );
  });
});
