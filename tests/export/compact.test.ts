import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mlp } from "../../src/encoders/index.ts";
import { DataFormatError } from "../../src/engine/errors.ts";
import { saveCompact } from "../../src/export/compact.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { accuracy, predictClasses } from "../../src/metrics/index.ts";
import { loadModel } from "../../src/train/load-model.ts";
import type { Model } from "../../src/train/model.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "../train/support.ts";

const validation = SMALL.data.validation as NonNullable<typeof SMALL.data.validation>;
/** Wide enough that weights, and no names, are what takes room. */
const encoders = { easy: mlp({ hidden: [64] }), hard: mlp({ hidden: [64] }) };
let model: Model<"easy" | "hard">;

beforeAll(async () => {
  model = await train({ ...SMALL, encoders, dim: 64 }).finish();
});
afterAll(() => model.dispose());

function judge(judged: Model<"easy" | "hard">): number {
  const { logits } = judged.fused(validation);
  return accuracy(predictClasses(logits, validation.classes.length), validation.labels);
}

/** The file with other metadata. */
function changed(bytes: Uint8Array, changes: Record<string, string>): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const copied = [...tensors].map(([name, { shape, data }]) => [name, { shape, data }]);
  return encodeSafetensors(Object.fromEntries(copied), {
    ...Object.fromEntries(metadata),
    ...changes,
  });
}

describe("saveCompact()", () => {
  it.each([
    ["f16", 0.6, 2 ** -11],
    ["int8", 0.4, 1 / 254],
  ] as const)("writes %s: smaller, close, and opened as any model", async (type, size, error) => {
    const whole = model.save();
    const bytes = saveCompact(model, type);
    expect(bytes.length / whole.length).toBeLessThan(size);
    const again = await loadModel<"easy" | "hard">(bytes);
    const values = model.parameters();
    for (const [name, own] of again.parameters()) {
      const before = values.get(name) as Float32Array;
      const greatest = before.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      own.forEach((value, i) => {
        expect(Math.abs(value - (before[i] as number))).toBeLessThanOrEqual(
          error * greatest * 1.001,
        );
      });
    }
    expect(Math.abs(judge(again) - judge(model))).toBeLessThanOrEqual(0.05);
    // What was lost is lost once.
    expect(saveCompact(again, type)).toEqual(bytes);
    again.dispose();
  });

  it("keeps biases whole in int8", async () => {
    const again = await loadModel(saveCompact(model, "int8"));
    const name = "encoders.easy.hidden0.bias";
    expect(again.parameters().get(name)).toEqual(model.parameters().get(name));
    again.dispose();
  });

  it("names what is wrong with a file: a newer format, scales that do not fit, a part of a file", async () => {
    const bytes = saveCompact(model, "int8");
    const newer = loadModel(changed(bytes, { format: "altermodal-model-3" }));
    await expect(newer).rejects.toThrow(DataFormatError);
    await expect(newer).rejects.toThrow(
      'expected format "altermodal-model-2" or an earlier one, got "altermodal-model-3"; a newer altermodal wrote it: update this one',
    );
    for (const int8 of ['{"method.head":7}', '{"nothing":0}', '{"method.head":"x"}', "[]", "3"]) {
      await expect(loadModel(changed(bytes, { int8 }))).rejects.toThrow(DataFormatError);
    }
    await expect(loadModel(bytes.subarray(0, bytes.length - 9))).rejects.toThrow("copy it again");
    await expect(loadModel(changed(bytes, { format: "other-1" }))).rejects.toThrow('got "other-1"');
  });
});
