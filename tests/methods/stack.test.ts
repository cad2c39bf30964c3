import { describe, expect, it } from "vitest";
import { createSynthetic } from "../../src/data/synthetic.ts";
import { mlp } from "../../src/encoders/index.ts";
import { meanOfLogits } from "../../src/fusion/index.ts";
import { stack, sum, unimodal } from "../../src/methods/index.ts";
import { train } from "../../src/train/train.ts";
import { addRows, expectClose, LABELS, linear, Tiny } from "../support/tiny-method.ts";

const { train: data, validation } = await createSynthetic({
  sizes: { train: 240, validation: 120, test: 6 },
});
const config = {
  data: { train: data, validation },
  encoders: { easy: mlp({ hidden: [16] }), hard: mlp({ hidden: [16] }) },
  dim: 8,
  epochs: 4,
  batchSize: 32,
};

describe("stack", () => {
  it("takes the steps of a sum network and leaves the modalities trained alone as they are", () => {
    const plain = new Tiny(sum());
    const names = new Map(
      [...plain.values().keys()].map((name) => [
        name
          .replace(/^encoders/, "method.joint network.encoders")
          .replace(/^method\.(?=[ab]\.)/, "method.joint network.heads."),
        name,
      ]),
    );
    const start = plain.values();
    const tiny = new Tiny(stack(), {
      start(name, values) {
        const from = start.get(names.get(name) ?? "");
        if (from !== undefined) values.set(from);
      },
    });
    const want = plain.step();
    const got = tiny.step();
    expect(got.losses.total).toBeCloseTo(want.losses.total, 6);
    for (const [name, gradient] of got.gradients) {
      const other = want.gradients.get(names.get(name) ?? "");
      expectClose(gradient, other ?? gradient.map(() => 0), name);
    }
  });

  it("lets the sum network speak with encoders of its own, modalities missing or not", () => {
    const tiny = new Tiny(stack());
    const values = tiny.values();
    const joint = ["a", "b"].map((m) =>
      tiny.inputs(m).map((x) => {
        const h = x && linear(values, `method.joint network.encoders.${m}.out`, x);
        return h && linear(values, `method.joint network.heads.${m}`, h);
      }),
    );
    tiny.withBatch(({ inputs, size }) => {
      const features = ["a", "b"].map((m) => {
        const part = inputs[m] as NonNullable<(typeof inputs)[string]>;
        const h = tiny.network.encoders[m]?.forward(part.input, tiny.clock);
        return [m, { values: h, rows: part.rows, input: part.input }];
      });
      const found = tiny.network.method.logits(Object.fromEntries(features), size).experts ?? {};
      const want = LABELS.flatMap((_, i) => addRows(...joint.map((rows) => rows[i] ?? null)));
      expectClose(found["joint network"]?.toArray() ?? [], want, "joint network");
    });
  });

  it("starts from the modalities trained alone and fuses three voices by fitted factors", async () => {
    const alone = await train({ ...config, method: unimodal() }).finish();
    const run = train({ ...config, method: stack(), startFrom: alone.parameters() });
    const model = await run.finish();
    const outputs = model.outputs(validation);
    expect(run.epochs).toHaveLength(4);
    expect(outputs.alone).toEqual(alone.outputs(validation).alone);
    expect(Object.keys(outputs.experts)).toEqual(["joint network"]);
    const factors = model.fusion?.state() as Record<string, number>;
    expect(Object.keys(factors).sort()).toEqual(["easy", "hard", "joint network"]);
    const prediction = model.predict({ easy: new Array(64).fill(0.1) });
    expect(Object.keys(prediction.weights ?? {})).toEqual(["easy", "hard"]);
    model.dispose();
    alone.dispose();
  });

  it("can be fused by any rule, goes on from a checkpoint of either stage to the same bits", async () => {
    const whole = train({ ...config, epochs: 2, method: stack(), fusion: meanOfLogits() });
    const checkpoints: Uint8Array[] = [];
    for await (const _ of whole) checkpoints.push(whole.checkpoint() as Uint8Array);
    expect(checkpoints).toHaveLength(4);
    for (const resume of [checkpoints[0], checkpoints[2]] as Uint8Array[]) {
      const again = train({
        ...config,
        epochs: 2,
        method: stack(),
        fusion: meanOfLogits(),
        resume,
      });
      const model = await again.finish();
      expect(model.parameters()).toEqual(whole.model?.parameters());
      model.dispose();
    }
    whole.model?.dispose();
  });
});
