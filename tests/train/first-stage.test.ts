import { describe, expect, it } from "vitest";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { ume, umt, unimodal } from "../../src/methods/index.ts";
import { train } from "../../src/train/train.ts";

const { train: data, validation } = await createSynthetic({
  sizes: { train: 96, validation: 48, test: 6 },
});
const config = {
  data: { train: data, validation },
  encoders: { easy: mlp({ hidden: [8] }), hard: mlp({ hidden: [8] }) },
  method: ume(),
  dim: 8,
  epochs: 3,
  batchSize: 32,
};

describe("a method that starts from another", () => {
  it("goes on from a checkpoint of its first stage to the same bits", async () => {
    const whole = train(config);
    const checkpoints: (Uint8Array | undefined)[] = [];
    for await (const _ of whole) checkpoints.push(whole.checkpoint());
    const resumed = train({ ...config, resume: checkpoints[0] as Uint8Array });
    const model = await resumed.finish();
    expect(checkpoints).toHaveLength(3);
    expect(model.parameters()).toEqual(whole.model?.parameters());
    model.dispose();
    whole.model?.dispose();
  });

  it("goes on from the parameters that it started from, and refuses others or none", async () => {
    const own = { ...config, method: umt(), select: 3 };
    const alone = async (seed: number) => {
      const model = await train({ ...config, method: unimodal(), seed }).finish();
      const parameters = model.parameters();
      model.dispose();
      return parameters;
    };
    const [startFrom, other] = [await alone(0), await alone(1)];
    const whole = train({ ...own, startFrom });
    const checkpoints: (Uint8Array | undefined)[] = [];
    for await (const _ of whole) checkpoints.push(whole.checkpoint());
    const resume = checkpoints[0] as Uint8Array;
    const resumed = await train({ ...own, startFrom: new Map(startFrom), resume }).finish();
    expect(resumed.parameters()).toEqual(whole.model?.parameters());
    const refused = "another configuration: expected startFrom = ";
    await expect(train({ ...own, startFrom: other, resume }).finish()).rejects.toThrow(refused);
    await expect(train({ ...own, resume }).finish()).rejects.toThrow(`${refused}nothing`);
    resumed.dispose();
    whole.model?.dispose();
  });
});
