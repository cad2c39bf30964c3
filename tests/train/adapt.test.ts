import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dataset, subset } from "../../src/data/dataset.ts";
import { fromArrays } from "../../src/data/from-arrays.ts";
import { joinDatasets } from "../../src/data/join.ts";
import { bagOfWords, mlp } from "../../src/encoders/index.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { DataError, OptionError } from "../../src/engine/errors.ts";
import { productOfExperts } from "../../src/fusion/index.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { accuracy, predictClasses } from "../../src/metrics/index.ts";
import { adapt } from "../../src/train/adapt.ts";
import { ALL_PARTS } from "../../src/train/all-parts.ts";
import type { Model } from "../../src/train/model.ts";
import { train } from "../../src/train/train.ts";
import { createTiny } from "../support/tiny-dataset.ts";
import { SMALL } from "./support.ts";

type M = "easy" | "hard";
const { train: data } = SMALL.data;
/** The samples of some classes. */
const of = (some: Dataset<M>, keep: (label: number) => boolean) =>
  subset(
    some,
    [...some.labels.keys()].filter((i) => keep(some.labels[i] as number)),
  );
const fresh = of(data, (label) => label < 2);
/** Methods whose default sizes take their time. */
const SMALLER: Readonly<Record<string, Record<string, unknown>>> = {
  mmin: { layers: [4], blocks: 1, hidden: [4] },
};
let engine: Engine;
let model: Model<M>;

beforeAll(async () => {
  engine = await createEngine();
  model = await train({ ...SMALL, engine, epochs: 6 }).finish();
});
afterAll(() => model.dispose());

const bitsOf = ({ save }: Pick<Model<M>, "save">) => Buffer.from(save()).toString("base64");

describe("adapt()", () => {
  it("learns a few samples, leaves frozen encoders alone, and undoes it to the bit", async () => {
    const { persistent } = engine.memory();
    const before = model.save();
    const start = model.parameters();
    const nll = () => {
      const { logits } = model.fused(fresh);
      return accuracy(predictClasses(logits, data.classes.length), fresh.labels);
    };
    const poor = nll();
    const { epochs, undo } = await adapt(model, fresh, { encoders: ["hard"] });
    expect(epochs).toHaveLength(20);
    expect(nll()).toBeGreaterThan(poor);
    const names = [...start.keys()].filter((name) => {
      const now = model.parameters().get(name) as Float32Array;
      return now.some((value, i) => value !== start.get(name)?.[i]);
    });
    expect(names.some((name) => name.startsWith("encoders.hard."))).toBe(true);
    expect(names.filter((name) => name.startsWith("encoders.easy."))).toEqual([]);
    expect(names).toContain("method.head");
    undo();
    expect(model.save()).toEqual(before);
    expect(engine.memory().persistent).toBeLessThanOrEqual(persistent);
  });

  it("gives the same bits for the same seed", async () => {
    const bits = [];
    for (const seed of [1, 1, 2]) {
      const { undo } = await adapt(model, fresh, { seed, epochs: 2 });
      bits.push(bitsOf({ save: () => model.save() }));
      undo();
    }
    expect(bits[0]).toBe(bits[1]);
    expect(bits[0]).not.toBe(bits[2]);
  });

  it("keeps the old classes if they are replayed, and forgets more of them if not", async () => {
    const old = of(data, (label) => label >= 2);
    const hits = () => {
      const { logits } = model.fused(old);
      return accuracy(predictClasses(logits, data.classes.length), old.labels);
    };
    const alone = await adapt(model, fresh);
    const forgot = hits();
    alone.undo();
    const replayed = await adapt(model, fresh, { replay: old });
    expect(hits()).toBeGreaterThan(forgot);
    replayed.undo();
  });

  it("adds classes: the old ones' parameters stay, predictions name the new ones", async () => {
    const few = of(data, (label) => label < 3);
    const three: Dataset<M> = { ...few, classes: data.classes.slice(0, 3) };
    const small = await train({
      ...SMALL,
      data: { train: three, validation: three },
      engine,
      fusion: productOfExperts(),
    }).finish();
    const before = small.save();
    const more = { ...of(data, (label) => label < 4), classes: data.classes.slice(0, 4) };
    await expect(adapt(small, more)).rejects.toThrow("pass { newClasses: true } to add classes");
    const { undo } = await adapt(small, more, { newClasses: true, epochs: 30 });
    const { labels } = more;
    const { logits } = small.fused(more);
    expect(accuracy(predictClasses(logits, 4), labels)).toBeGreaterThan(0.5);
    expect(small.fusion?.state()).toHaveLength(4);
    expect([...predictClasses(logits, 4)]).toContain(3);
    undo();
    expect(small.save()).toEqual(before);
    small.dispose();
  });

  it("takes arrays with labels by name, texts among them, and names what is wrong with them", async () => {
    const tiny = createTiny();
    const encoders = { image: mlp({ hidden: [4] }), text: bagOfWords({ hidden: [4] }) };
    const words = await train({ data: { train: tiny }, encoders, epochs: 2, engine }).finish();
    const samples = { modalities: { text: ["green ball", "red car"] }, labels: ["bird", "cat"] };
    await expect(adapt(words, samples)).rejects.toThrow(DataError);
    await expect(adapt(words, samples)).rejects.toThrow('"bird": expected one of "cat", "dog"');
    const { undo } = await adapt(words, samples, { newClasses: true, replay: tiny });
    expect(words.spec.classes).toEqual(["cat", "dog", "bird"]);
    undo();
    expect(words.spec.classes).toEqual(["cat", "dog"]);
    const wrong = (some: object, options: object = {}) => adapt(words, some as never, options);
    await expect(wrong({ modalities: { text: ["a"] } })).rejects.toThrow("got none");
    await expect(wrong({ ...samples, labels: ["cat"] }, { newClasses: true })).rejects.toThrow("1");
    await expect(wrong({ modalities: { txt: ["a"] }, labels: ["cat"] })).rejects.toThrow('"txt"');
    await expect(wrong(fresh)).rejects.toThrow('modality "image"');
    await expect(wrong(tiny, { encoders: ["txt"] })).rejects.toThrow(OptionError);
    await expect(wrong(tiny, { epoch: 2 })).rejects.toThrow('option "epoch"');
    words.dispose();
  });

  it("leaves the model as it was when it is stopped", async () => {
    const before = model.save();
    const { persistent } = engine.memory();
    const stop = new AbortController();
    const onBatch = ({ epoch }: { epoch: number }) =>
      epoch === 3 && stop.abort(new Error("enough"));
    const options = { signal: stop.signal, onBatch: onBatch as never };
    await expect(adapt(model, fresh, options)).rejects.toThrow("enough");
    expect(model.save()).toEqual(before);
    expect(engine.memory().persistent).toBeLessThanOrEqual(persistent);
  });

  it.each(Object.values(METHODS).filter(({ fusion, yardstick }) => fusion || !yardstick))(
    "adapts a model of $name, with a frozen encoder and with more classes",
    async (method) => {
      const small = SMALLER[method.name] ?? {};
      const options = { ...SMALL, method: { name: method.name, options: small }, epochs: 4 };
      const own = await train({ ...options, engine, parts: ALL_PARTS }).finish();
      const { persistent } = engine.memory();
      const before = own.save();
      const frozen = own.parameters();
      const more = { ...data, classes: [...data.classes, "new"] };
      const settings = { epochs: 4, encoders: ["easy" as const], newClasses: true };
      const { undo } = await adapt(own, more, settings);
      const grown = own.parameters();
      expect([...grown.values()].every((values) => values.every(Number.isFinite))).toBe(true);
      for (const [name, values] of grown) {
        if (name.startsWith("encoders.hard.")) expect(values).toEqual(frozen.get(name));
      }
      expect(own.predictAll(fresh.modalities)[0]?.probabilities).toHaveProperty("new");
      undo();
      expect(own.save()).toEqual(before);
      expect(engine.memory().persistent).toBeLessThanOrEqual(persistent);
      own.dispose();
    },
  );
});

describe("joinDatasets()", () => {
  it("puts samples, masks and words behind each other, with ids of their own", () => {
    const tiny = createTiny();
    const joined = joinDatasets(tiny, { ...tiny, name: "again" });
    expect(joined.ids).toEqual(["a", "b", "c", "again/a", "again/b", "again/c"]);
    expect(joined.groups).toBeUndefined();
    expect(subset(joined, [3, 4, 5]).modalities).toEqual(subset(tiny, [0, 1, 2]).modalities);
    expect(subset(joined, [0, 1, 2]).modalities).toEqual(subset(tiny, [0, 1, 2]).modalities);
    const full = fromArrays({ modalities: { x: [[1], [2]] }, labels: ["a", "b"] });
    expect(joinDatasets(full, full).modalities.x).not.toHaveProperty("present");
  });
});
