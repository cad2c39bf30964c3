import { describe, expect, it } from "vitest";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { ume } from "../../src/methods/index.ts";
import { train } from "../../src/train/training-run.ts";

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
});
