import { describe, expect, it } from "vitest";
import { type Batch, batchesOf, loadBatches } from "../../src/data/batches.ts";
import { checkDataset } from "../../src/data/check-dataset.ts";
import { hashDatasets } from "../../src/data/content-hash.ts";
import { type Dataset, type DenseData, mask, subset } from "../../src/data/dataset.ts";
import { joinDatasets } from "../../src/data/join.ts";
import { addNoise } from "../../src/data/noise.ts";
import type { RowSource } from "../../src/data/rows.ts";
import { DataFormatError } from "../../src/engine/errors.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "../train/support.ts";

/** Reads from memory as if from elsewhere, late and out of order. */
function sourceOf({ values, shape }: DenseData, log: string[] = []): RowSource {
  const length = shape.reduce((all, side) => all * side, 1);
  const read = (rows: Int32Array, into: Float32Array) => {
    rows.forEach((row, i) => {
      into.set(values.subarray(row * length, (row + 1) * length), i * length);
    });
  };
  return {
    size: values.length / length,
    read,
    async readAhead(rows, into) {
      log.push(`begin ${rows[0]}`);
      await new Promise((resolve) => setTimeout(resolve, (rows[0] as number) % 3));
      read(rows, into);
      log.push(`end ${rows[0]}`);
    },
  };
}

function streamed<M extends string>(dataset: Dataset<M>, log?: string[]): Dataset<M> {
  const modalities = Object.entries<DenseData>(dataset.modalities as never).map(
    ([m, { values, ...rest }]) => [m, { ...rest, rows: sourceOf({ values, ...rest }, log) }],
  );
  return { ...dataset, modalities: Object.fromEntries(modalities) };
}

const { train: DATA } = SMALL.data;
const VALIDATION = SMALL.data.validation as typeof DATA;
const PARTS = [[5, 2, 9], [0, 1, 2], [7, 7], [3]].map((part) => Int32Array.from(part));

const plain = ({ indices, labels, inputs }: Batch) => structuredClone({ indices, labels, inputs });

async function collect(dataset: Dataset, ahead: number): Promise<object[]> {
  const found: object[] = [];
  for await (const batch of loadBatches(dataset, PARTS, ahead)) found.push(plain(batch));
  return found;
}

describe("values that are read when needed", () => {
  it("give the same batches at any read-ahead, from a part, and with gaps", async () => {
    const gaps = { hard: Uint8Array.from(DATA.labels, (_, i) => i % 2) };
    for (const data of [DATA, mask(DATA, gaps), subset(DATA, [...Array(10).keys()].reverse())]) {
      const want = [...batchesOf(data, PARTS)].length;
      expect(want).toBe(PARTS.length);
      const whole: object[] = [];
      for (const batch of batchesOf(data, PARTS)) whole.push(plain(batch));
      const held: object[] = [];
      for (const batch of batchesOf(streamed(data), PARTS)) held.push(plain(batch));
      expect(held).toEqual(whole);
      for (const ahead of [0, 1, 2, 9]) {
        expect(await collect(streamed(data), ahead)).toEqual(whole);
      }
    }
    const few = subset(streamed(DATA), [4, 3]);
    const [batch] = batchesOf(few, [Int32Array.of(1, 0)]);
    const [same] = batchesOf(DATA, [Int32Array.of(3, 4)]);
    expect(batch?.inputs.easy).toEqual(same?.inputs.easy);
  });

  it("are read ahead while a batch is in use, and no further than asked", async () => {
    const log: string[] = [];
    const { easy } = streamed(DATA, log).modalities;
    const one = { ...DATA, modalities: { easy } };
    const loaded = loadBatches(one, PARTS, 1);
    await loaded.next();
    expect(log.filter((line) => line.startsWith("begin"))).toEqual(["begin 5", "begin 0"]);
    await loaded.next();
    expect(log.filter((line) => line.startsWith("begin")).length).toBe(3);
  });

  it("train to the same bits as values in memory", async () => {
    const data = { train: streamed(DATA), validation: streamed(VALIDATION) };
    const [want, got] = [train(SMALL), train({ ...SMALL, data })];
    expect((await got.finish()).parameters()).toEqual((await want.finish()).parameters());
    expect(got.epochs.map(({ validation }) => validation)).toEqual(
      want.epochs.map(({ validation }) => validation),
    );
  });

  it("stop a training by the error of a failing read, and by abort within one batch", async () => {
    const fail = (): never => {
      throw new DataFormatError("big.safetensors: Cannot read the file: expected 8 bytes, got 0");
    };
    const rows = { size: DATA.size, read: fail, readAhead: async () => fail() };
    const easy = { ...DATA.modalities.easy, values: undefined, rows } as never;
    const broken = { ...DATA, modalities: { ...DATA.modalities, easy } };
    await expect(train({ ...SMALL, data: { train: broken } }).finish()).rejects.toThrow(
      "big.safetensors",
    );
    const abort = new AbortController();
    let batches = 0;
    const run = train({
      ...SMALL,
      data: { train: streamed(DATA) },
      signal: abort.signal,
      onBatch: () => {
        batches++;
        abort.abort(new Error("enough"));
      },
    });
    await expect(run.finish()).rejects.toThrow("enough");
    expect(batches).toBe(1);
  });

  it("are checked when they are read, by the name of the sample", () => {
    const values = (DATA.modalities.easy as DenseData).values.slice();
    values[(3 * values.length) / DATA.size + 1] = Number.NaN;
    const rows = sourceOf({ ...(DATA.modalities.easy as DenseData), values });
    const { shape } = DATA.modalities.easy as DenseData;
    const data = { ...DATA, modalities: { easy: { kind: "dense" as const, shape, rows } } };
    expect(checkDataset(data)).toBe(data);
    expect(() => [...batchesOf(data, PARTS)]).toThrow(
      `sample "${DATA.ids[3]}" (index 3), modality "easy", position 1: expected a finite number, got NaN`,
    );
    const short = {
      ...data,
      modalities: { easy: { kind: "dense" as const, shape, rows: { ...rows, size: 4 } } },
    };
    expect(() => checkDataset(short)).toThrow('the rows of modality "easy"');
  });

  it("are refused where all of them would have to be in memory", async () => {
    const data = streamed(DATA);
    const wanted = "expected values in memory, got some that are read when needed";
    expect(() => addNoise(data, { easy: 0.5 }, 1)).toThrow(wanted);
    await expect(hashDatasets([data])).rejects.toThrow(wanted);
  });
});

describe("joinDatasets() of what is streamed", () => {
  it.each([
    ["the first", streamed(DATA), VALIDATION],
    ["the second", DATA, streamed(VALIDATION)],
    ["both", streamed(DATA), streamed(VALIDATION)],
  ])("gives the batches of values in memory: %s", async (_, first, second) => {
    const rows = [5, DATA.size, 0, DATA.size + VALIDATION.size - 1, DATA.size - 1];
    const read = (data: Dataset) =>
      [...batchesOf(data, [Int32Array.from(rows)])].map((batch) => plain(batch));
    const joined = joinDatasets(first, second);
    expect(Object.values(joined.modalities).every((data) => "rows" in data)).toBe(true);
    expect(read(joined)).toEqual(read(joinDatasets(DATA, VALIDATION)));
  });
});
