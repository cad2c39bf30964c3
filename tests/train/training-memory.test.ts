import { describe, expect, it } from "vitest";
import { subset } from "../../src/data/dataset.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { concat, mla, ume } from "../../src/methods/index.ts";
import { sgd } from "../../src/optim/index.ts";
import { train } from "../../src/train/train.ts";
import { SMALL } from "./support.ts";

describe("the memory of a training", () => {
  it("gives its memory back, aborted or not", async () => {
    const engine = await createEngine();
    const before = engine.memory().persistent;
    for (const method of [mla(), concat(), ume()]) {
      (await train({ ...SMALL, engine, method }).finish()).dispose();
      expect(engine.memory().persistent).toBe(before);
    }
    const run = train({ ...SMALL, engine, signal: AbortSignal.abort() });
    await expect(run.finish()).rejects.toThrow();
    run.model?.dispose();
    expect(engine.memory()).toMatchObject({ persistent: before, scopes: 0 });
  });

  it("does not grow memory over 10 000 steps", async () => {
    const engine = await createEngine();
    const data = {
      train: subset(
        SMALL.data.train,
        Array.from({ length: 20 }, (_, i) => i),
      ),
    };
    const reserved: number[] = [];
    const config = {
      ...SMALL,
      data,
      engine,
      batchSize: 2,
      epochs: 1000,
      optimizer: sgd({ rate: 1e-3 }),
    };
    const run = train(config);
    for await (const { epoch } of run)
      if (epoch % 250 === 1) reserved.push(engine.memory().reserved);
    expect(new Set(reserved).size).toBe(1);
    expect(engine.core.memory.buffer.byteLength).toBeLessThan(32 << 20);
  });
});
