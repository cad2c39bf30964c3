import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PartConfig } from "../../src/config/part.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { buildEncoder } from "../../src/encoders/build-encoder.ts";
import { defineEncoder, type InputSpec } from "../../src/encoders/encoder.ts";
import * as allEncoders from "../../src/encoders/index.ts";
import { bagOfWords, conv, gru, mlp } from "../../src/encoders/index.ts";
import { indices } from "../../src/encoders/sequence.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import { exportOnnx } from "../../src/export/onnx/export-onnx.ts";
import { GRAPH_FUSIONS } from "../../src/export/onnx/fusion-rules.ts";
import { Message } from "../../src/export/onnx/protobuf.ts";
import { FUSIONS } from "../../src/fusion/registry.ts";
import { sum, unimodal } from "../../src/methods/index.ts";
import { Parameters } from "../../src/nn/parameters.ts";
import { embeddingBag } from "../../src/ops/index.ts";
import type { Model } from "../../src/train/model.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "../train/support.ts";

/** Fields of a message by number: numbers, or bytes. */
function readMessage(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] as number;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const field = key >> 3;
    let value: number | Uint8Array;
    if ((key & 7) === 0) value = varint();
    else {
      const length = (key & 7) === 5 ? 4 : varint();
      value = bytes.subarray(at, at + length);
      at += length;
    }
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

const messages = (fields: ReturnType<typeof readMessage>, field: number) =>
  (fields.get(field) ?? []).map((bytes) => readMessage(bytes as Uint8Array));
const text = (fields: ReturnType<typeof readMessage>, field: number) =>
  new TextDecoder().decode(fields.get(field)?.[0] as Uint8Array);

/** Numbers of a shape, as lists in lists. */
function nested([length = 0, ...rest]: readonly number[]): unknown[] {
  return Array.from({ length }, (_, i) => (rest.length === 0 ? i / length : nested(rest)));
}

function takes(config: PartConfig, input: InputSpec): boolean {
  try {
    buildEncoder("m", config, input, 4, Parameters.plan());
    return true;
  } catch {
    return false;
  }
}

const data = fromArrays({
  modalities: { picture: [[[[1, 2]], [[3, 4]]], null], words: ["a red one", "blue"] },
  labels: ["cat", "dog"],
});
const encoders = { picture: conv({ channels: [2] }), words: bagOfWords({ hidden: [4] }) };
let model: Model<"picture" | "words">;

beforeAll(async () => {
  model = await train({ data: { train: data }, encoders, epochs: 1, dim: 4 }).finish();
});
afterAll(() => model.dispose());

describe("exportOnnx()", () => {
  it("names inputs, presence, outputs, parameters and labels, and says the same twice", () => {
    const bytes = exportOnnx(model);
    expect(exportOnnx(model)).toEqual(bytes);
    const file = readMessage(bytes);
    const [graph] = messages(file, 7) as [ReturnType<typeof readMessage>];
    const ports = (field: number) => messages(graph, field).map((port) => text(port, 1));
    expect(ports(11)).toEqual(["picture", "words", "picture.present", "words.present"]);
    expect(ports(12)).toEqual(["logits", "probabilities", "weights"]);
    const constants = messages(graph, 5).map((tensor) => text(tensor, 8));
    expect(constants).toContain("encoders.words.words.weight");
    // Batch norm is folded: its gain and variance are one constant.
    expect(constants).not.toContain("encoders.picture.block0.norm.weight");
    const metadata = Object.fromEntries(messages(file, 14).map((x) => [text(x, 1), text(x, 2)]));
    expect(JSON.parse(metadata.classes as string)).toEqual(["cat", "dog"]);
    expect(JSON.parse(metadata.modalities as string)).toEqual(["picture", "words"]);
    expect(JSON.parse(metadata.words as string).words).toContain("blue");
  });

  it("encodes each modality once, whatever sets it is in, and leaves nothing open in the engine", () => {
    const before = model.engine.memory();
    const [graph] = messages(readMessage(exportOnnx(model)), 7) as [ReturnType<typeof readMessage>];
    const ops = messages(graph, 1).map((node) => text(node, 4));
    expect(ops.filter((op) => op === "Conv")).toHaveLength(1);
    expect(ops.filter((op) => op === "Where")).toHaveLength(6);
    expect(model.engine.memory().scopes).toBe(before.scopes);
    expect(model.engine.memory().persistent).toBe(before.persistent);
    expect(model.predict({ words: "red" }).probabilities).toHaveProperty("cat");
  });

  it("can hold every fusion rule", () => {
    expect([...GRAPH_FUSIONS].sort()).toEqual(Object.keys(FUSIONS).sort());
  });

  it("can hold every encoder, with whatever input it takes", async () => {
    const inputs = [
      { spec: { kind: "dense", shape: [8, 8, 2] }, samples: nested([2, 8, 8, 2]) },
      { spec: { kind: "dense", shape: [8, 4] }, samples: nested([2, 8, 4]) },
      { spec: { kind: "bag", vocabulary: 3 }, samples: ["red", "a blue one"] },
    ] satisfies { spec: InputSpec; samples: unknown[] }[];
    for (const part of Object.values(allEncoders)) {
      const { name, options } = part.definition;
      const config = part("width" in options ? { width: 8 } : {});
      const fitting = inputs.filter(({ spec }) => takes(config, spec));
      expect(fitting, name).not.toEqual([]);
      for (const { samples } of fitting) {
        const own = fromArrays({ modalities: { m: samples as string[] }, labels: ["a", "b"] });
        const run = train({ data: { train: own }, encoders: { m: config }, epochs: 1, dim: 4 });
        const trained = await run.finish();
        const [graph] = messages(readMessage(exportOnnx(trained)), 7) as [
          ReturnType<typeof readMessage>,
        ];
        const constants = messages(graph, 5).map((tensor) => text(tensor, 8));
        expect(constants.some((name) => name.startsWith("encoders.m."))).toBe(true);
        trained.dispose();
      }
    }
  });

  it("leaves encoders of sequences as they were", async () => {
    const reading = { words: gru({ width: 4, hidden: 4 }) };
    const texts = fromArrays({ modalities: { words: ["a red one", "blue"] }, labels: ["a", "b"] });
    const run = train({ data: { train: texts }, encoders: reading, epochs: 1, dim: 4 });
    const trained = await run.finish();
    const before = trained.predict({ words: "a red one" });
    exportOnnx(trained);
    expect(trained.predict({ words: "a red one" })).toEqual(before);
    trained.dispose();
  });

  it("refuses what no graph can hold: indices made outside of the ops, nothing that combines", async () => {
    const backwards = defineEncoder({
      name: "backwards",
      title: "reads each list from its end",
      input: "bag",
      options: {},
      build: ({ dim, input, parameters }) => {
        const table = parameters.weight("words", [input.vocabulary, dim], { deviation: 1 });
        return {
          flops: 0,
          forward: ({ ids, offsets }) =>
            embeddingBag(table, indices(table.engine, ids.toArray().reverse()), offsets),
        };
      },
    });
    const sequences = { ...encoders, words: backwards() };
    const run = train({ data: { train: data }, encoders: sequences, epochs: 1, dim: 4 });
    const reading = await run.finish();
    expect(() => exportOnnx(reading)).toThrow(OptionError);
    expect(() => exportOnnx(reading)).toThrow(
      'Cannot export encoder "backwards" of modality "words"',
    );
    const alone = await train({ ...SMALL, method: unimodal(), epochs: 1 }).finish();
    expect(() => exportOnnx(alone)).toThrow(DataError);
    const names = Array.from({ length: 9 }, (_, m) => `m${m}`);
    const entries = <T>(value: T) => Object.fromEntries(names.map((m) => [m, value]));
    const many = await train({
      data: { train: fromArrays({ modalities: entries([[1], [2]]), labels: ["a", "b"] }) },
      encoders: entries(mlp({ hidden: [] })),
      method: sum(),
      epochs: 1,
      dim: 2,
    }).finish();
    expect(() => exportOnnx(many)).toThrow("expected at most 8, got 9");
    for (const each of [reading, alone, many]) each.dispose();
  });
});

it("writes protocol buffers: numbers of any size, negative ones, floats and texts", () => {
  const bytes = new Message().int(1, 300).int(2, -1).float(3, 0.5).text(16, "é").finish();
  // Worked out by hand from the format's description.
  expect([...bytes]).toEqual([
    ...[0x08, 0xac, 0x02],
    ...[0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ...[0x1d, 0x00, 0x00, 0x00, 0x3f],
    ...[0x82, 0x01, 0x02, 0xc3, 0xa9],
  ]);
});
