import { describe, expect, it } from "vitest";
import { entropy } from "../../src/fusion/index.ts";
import { concat, mla, ume } from "../../src/methods/index.ts";
import type { TrainConfig } from "../../src/train/config.ts";
import { fitOutputs } from "../../src/train/fuse-outputs.ts";
import { judge } from "../../src/train/judge.ts";
import { train } from "../../src/train/train.ts";
import { SMALL, type Weights, weightsOf } from "./support.ts";

describe("a training that goes on from a checkpoint", () => {
  it.each(Object.entries({ mla, concat, ume }))(
    "%s: goes on from a checkpoint with the bits of a run that was never stopped",
    async (_, method) => {
      const config = { ...SMALL, method: method() };
      const whole = train(config);
      const weights = (await whole.finish()).parameters();
      const stopped = train(config);
      for await (const { epoch } of stopped) if (epoch === 2) break;
      const resumed = train({ ...config, resume: stopped.checkpoint() as Uint8Array });
      expect((await resumed.finish()).parameters()).toEqual(weights);
      const scores = (run: typeof whole) =>
        run.epochs.map(({ loss, validation }) => ({ loss, validation }));
      expect(scores(resumed)).toEqual(scores(whole));
    },
  );

  it("goes on with a sampling of its own from a checkpoint, and refuses another", async () => {
    const config: TrainConfig<"easy" | "hard"> = { ...SMALL, sampling: "balanced" };
    const weights = await weightsOf(config);
    expect(weights).not.toEqual(await weightsOf(SMALL));
    const stopped = train(config);
    for await (const { epoch } of stopped) if (epoch === 2) break;
    const resume = stopped.checkpoint() as Uint8Array;
    expect(await weightsOf({ ...config, resume })).toEqual(weights);
    await expect(train({ ...SMALL, resume }).finish()).rejects.toThrow(
      "expected sampling = nothing",
    );
  });

  it("averages the ends of the last epochs, judges and keeps that, and goes on alike", async () => {
    const at = (epoch: number) => weightsOf({ ...SMALL, select: epoch });
    const ends = [await at(3), await at(4)];
    const config = { ...SMALL, average: 2, select: 4 };
    const run = train(config);
    const model = await run.finish();
    for (const [name, got] of model.parameters()) {
      const [a, b] = ends.map((values) => values.get(name) as Float32Array) as [
        Float32Array,
        Float32Array,
      ];
      got.forEach((value, i) => {
        expect(value, name).toBeCloseTo(((a[i] as number) + (b[i] as number)) / 2, 5);
      });
      if (name.endsWith("weight")) expect(got).not.toEqual(b);
    }
    const { validation } = SMALL.data as Required<typeof SMALL.data>;
    const rule = fitOutputs(entropy(), undefined, []);
    expect(judge(model.outputs(validation), validation, rule)).toEqual(run.epochs[3]?.validation);
    const stopped = train(config);
    for await (const { epoch } of stopped) if (epoch === 3) break;
    const resume = stopped.checkpoint() as Uint8Array;
    expect(await weightsOf({ ...config, resume })).toEqual(model.parameters());
    await expect(train({ ...config, average: 3, resume }).finish()).rejects.toThrow("average = 3");
    expect(() => train({ ...config, average: 5 })).toThrow('Cannot set "average"');
  });

  it("refuses to go on from other start weights", async () => {
    const initial = await weightsOf({ ...SMALL, epochs: 1 });
    const stopped = train({ ...SMALL, initial });
    for await (const { epoch } of stopped) if (epoch === 2) break;
    const resume = stopped.checkpoint() as Uint8Array;
    const other = new Map([...initial].map(([name, values]) => [name, values.slice()]));
    for (const values of other.values()) values[0] = (values[0] as number) + 1;
    const goOn = (start?: Weights) => train({ ...SMALL, ...(start && { initial: start }), resume });
    await expect(goOn(other).finish()).rejects.toThrow("another configuration: expected initial =");
    await expect(goOn().finish()).rejects.toThrow("another configuration");
    const copy = new Map([...initial].reverse());
    expect((await goOn(copy).finish()).parameters()).toEqual(
      await weightsOf({ ...SMALL, initial }),
    );
  });

  it("refuses a checkpoint of another configuration and names the difference", async () => {
    const run = train(SMALL);
    for await (const { epoch } of run) if (epoch === 1) break;
    const resume = run.checkpoint() as Uint8Array;
    await expect(train({ ...SMALL, seed: 9, resume }).finish()).rejects.toThrow(
      "checkpoint: Cannot go on with another configuration: expected seed = 9, got 5",
    );
    await expect(train({ ...SMALL, resume: resume.subarray(0, 2000) }).finish()).rejects.toThrow(
      "checkpoint:",
    );
  });
});
