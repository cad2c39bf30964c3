import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { normaliseChannels } from "../../src/data/normalise.ts";
import { bagOfWords, mlp } from "../../src/encoders/index.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DataError, DataFormatError, OutOfMemoryError } from "../../src/engine/errors.ts";
import { scales } from "../../src/fusion/index.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { unimodal } from "../../src/methods/index.ts";
import { loadModel } from "../../src/train/load-model.ts";
import type { Model } from "../../src/train/model.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "./support.ts";

let model: Model<"sensor" | "note">;

beforeAll(async () => {
  const data = fromArrays({
    modalities: {
      sensor: [
        [0.1, 0.9],
        [0.8, 0.2],
        [0.2, 0.8],
        [0.9, 0.1],
      ],
      note: ["low hum", "loud click", "hum", null],
    },
    labels: ["ok", "broken", "ok", "broken"],
  });
  const encoders = { sensor: mlp({ hidden: [8] }), note: bagOfWords({ hidden: [8] }) };
  model = await train({ data: { train: data }, encoders, epochs: 40, dim: 4 }).finish();
});

describe("Model", () => {
  it("predicts from whatever is present", () => {
    expect(model.predict({ sensor: [0.1, 0.9], note: "hum" }).label).toBe("ok");
    const { label, probabilities, weights } = model.predict({ note: "loud click" });
    expect(label).toBe("broken");
    expect((probabilities.ok ?? 0) + (probabilities.broken ?? 0)).toBeCloseTo(1, 12);
    expect(weights).toEqual({ sensor: 0, note: 1 });
  });

  it("gives a sample the same bits alone and among others", () => {
    const sensor = [
      [0.1, 0.9],
      [0.5, 0.5],
      [0.9, 0.3],
    ];
    const note = ["hum", null, "click low"];
    const together = model.predictAll({ sensor, note });
    together.forEach((prediction, i) => {
      expect(model.predict({ sensor: sensor[i], note: note[i] })).toEqual(prediction);
    });
  });

  it.each<[object, string]>([
    [{}, "dataset: "],
    [{ sensor: null, note: null }, "dataset: "],
    [
      { sensors: [1, 2] },
      'dataset: Cannot use modality "sensors": expected one of "sensor", "note"',
    ],
    [
      { sensor: [1, 2, 3] },
      'dataset: Cannot read modality "sensor": expected numbers of shape [2], got numbers of shape [3]',
    ],
    [{ sensor: [1, Number.NaN] }, "dataset: "],
    [
      null as never,
      "dataset: Cannot read the modalities: expected an object with an entry for each, got null",
    ],
    [[[1, 2]], "expected an object with an entry for each, got a list"],
    ["hum" as never, "expected an object with an entry for each, got string"],
  ])("refuses to predict %j", (sample, message) => {
    expect(() => model.predict(sample)).toThrow(DataError);
    expect(() => model.predict(sample)).toThrow(message);
  });

  it("names the modality in which other data differ", async () => {
    const other = fromArrays({ modalities: { sensor: [[1], [2]] }, labels: ["a", "b"] });
    expect(() => model.outputs(other as never)).toThrow(DataError);
    expect(() => model.outputs(other as never)).toThrow(/these data for modality "sensor"/);
  });

  it("says so when nothing combines the modalities", async () => {
    const alone = await train({ ...SMALL, method: unimodal() }).finish();
    expect(() => alone.predict({ easy: new Float32Array(64) })).toThrow(
      'predict: Cannot combine the modalities: expected a method or a fusion rule that does, got "unimodal" without one; pass { fusion } to train()',
    );
  });

  it("saves and loads with the same predictions, fitted fusion and vocabulary included", async () => {
    const again = await loadModel(model.save());
    const sample = { sensor: [0.3, 0.6], note: "a low click" };
    expect(again.predict(sample)).toEqual(model.predict(sample));
    const scaled = await train({ ...SMALL, fusion: scales() }).finish();
    const copy = await loadModel<"easy" | "hard">(scaled.save());
    const { validation } = SMALL.data;
    const inputs = validation?.modalities ?? {};
    expect(copy.predictAll(inputs)).toEqual(scaled.predictAll(inputs));
    expect(copy.fusion?.state()).toEqual(scaled.fusion?.state());
  });

  it("takes bytes where it knows how they were normalised, also when it was saved", async () => {
    const norm = { mean: [0.5, 0.25], deviation: [0.5, 0.125] };
    const bytes = Uint8Array.of(0, 255, 10, 20, 200, 100, 30, 40);
    const values = normaliseChannels(bytes, norm);
    const picture = { kind: "dense", shape: [1, 2, 2], values, norm } as const;
    const data = fromArrays({ modalities: { picture }, labels: ["a", "b"] });
    const own = await train({
      data: { train: data },
      encoders: { picture: mlp() },
      epochs: 1,
    }).finish();
    const again = await loadModel<"picture">(own.save());
    const [first, second] = own.predictAll({ picture });
    expect(again.predict({ picture: bytes.subarray(0, 4) })).toEqual(first);
    expect(again.predict({ picture: new Uint8ClampedArray(bytes.subarray(4)) })).toEqual(second);
    expect(() => again.predict({ picture: bytes })).toThrow(
      "expected 4 bytes, got 8 bytes at sample 0",
    );
    expect(() => model.predict({ sensor: bytes.subarray(0, 2) })).toThrow(DataError);
    const { tensors, metadata } = decodeSafetensors(own.save());
    const spec = JSON.parse(metadata.get("spec") as string);
    for (const norms of [
      { picture: { mean: [0], deviation: [1] } },
      { picture: { mean: [0, 0], deviation: [1, 0] } },
      { other: norm },
    ]) {
      const metadataToo = {
        ...Object.fromEntries(metadata),
        spec: JSON.stringify({ ...spec, norms }),
      };
      const damaged = encodeSafetensors(Object.fromEntries(tensors), metadataToo);
      await expect(loadModel(damaged)).rejects.toThrow("expected normalisations or none");
    }
    for (const each of [own, again]) each.dispose();
  });

  it("refuses damaged files with a typed error, whatever the damage", async () => {
    const bytes = model.save();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const cut = loadModel(bytes.subarray(0, at));
          await expect(cut).rejects.toThrow(DataFormatError);
          const damaged = bytes.slice();
          damaged[at] = (damaged[at] as number) ^ flip;
          // A flip in the weights is a valid file; one in the header is not, or says something else that is well-formed.
          await loadModel(damaged).then(
            (other) => other.dispose(),
            (error) => expect(error).toHaveProperty("code"),
          );
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });

  it("leaves nothing behind when a network does not fit into memory", async () => {
    const engine = await createEngine({ memoryLimit: 1 << 22 });
    const encoders = { easy: mlp({ hidden: [8] }), hard: mlp({ hidden: [1 << 20] }) };
    await expect(train({ ...SMALL, encoders, engine }).finish()).rejects.toThrow(OutOfMemoryError);
    expect(engine.memory().persistent).toBeLessThan(1000);
  });

  it("frees its memory once and cannot be used afterwards", async () => {
    const copy = await loadModel(model.save());
    const { engine } = copy;
    copy.dispose();
    copy.dispose();
    expect(engine.memory().persistent).toBe(0);
    expect(() => copy.predict({})).toThrow("model: Cannot use a disposed model");
  });
});
