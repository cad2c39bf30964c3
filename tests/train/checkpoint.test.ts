import { expect, it } from "vitest";
import { configOf } from "../../src/config/part.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DataFormatError } from "../../src/engine/errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { METHODS } from "../../src/methods/registry.ts";
import { readCheckpoint } from "../../src/train/checkpoint.ts";
import { Network } from "../../src/train/network.ts";
import { resolveSettings } from "../../src/train/settings.ts";
import { train } from "../../src/train/train.ts";
import { createTrainer } from "../../src/train/trainer.ts";
import { SMALL } from "./support.ts";

it.each(Object.values(METHODS))(
  "is that of an epoch's end, whenever it is asked for: $name",
  async (method) => {
    let ended: Uint8Array | undefined;
    const later: boolean[] = [];
    const run = train({
      ...SMALL,
      epochs: 6,
      average: 2,
      method: configOf("method", method),
      onBatch: ({ batch, batches }) => {
        if (batch === batches)
          later.push(
            Buffer.compare(Buffer.from(run.checkpoint() ?? []), Buffer.from(ended ?? [])) === 0,
          );
      },
    });
    for await (const _ of run) ended = run.checkpoint();
    expect(later).not.toContain(false);
    expect(later.length).toBe(run.epochs.length);
    run.model?.dispose();
  },
);

it.each([
  ["settings", "{", "expected JSON in its metadata"],
  ["epochs", "5", "expected a list of epochs"],
  ["selection", "7", "expected a selected epoch"],
])("refuses a checkpoint with hostile %s, and keeps no memory", async (key, text, expected) => {
  const engine = await createEngine();
  const { tensors, metadata } = decodeSafetensors(await checkpointOf());
  const resume = encodeSafetensors(Object.fromEntries(tensors), {
    ...Object.fromEntries(metadata),
    [key]: text,
  });
  const before = engine.memory().persistent;
  const failed = train({ ...SMALL, engine, epochs: 1, resume }).finish();
  await expect(failed).rejects.toThrow(DataFormatError);
  await expect(failed).rejects.toThrow(expected);
  expect(engine.memory().persistent).toBe(before);
});

it("refuses selected parameters of another size before anything is changed", async () => {
  const { tensors, metadata } = decodeSafetensors(await checkpointOf());
  const short = [...tensors].map(([name, tensor]) =>
    name.startsWith("best.") ? [name, { shape: [1], data: new Float32Array(1) }] : [name, tensor],
  );
  const resume = encodeSafetensors(Object.fromEntries(short), Object.fromEntries(metadata));
  await expect(train({ ...SMALL, epochs: 1, resume }).finish()).rejects.toThrow(DataFormatError);
});

it("changes nothing if the last state cannot be loaded", async () => {
  const { tensors, metadata } = decodeSafetensors(await checkpointOf());
  const kept = [...tensors].filter(([name]) => name !== "optimizer.head.momentum");
  expect(kept).toHaveLength(tensors.size - 1);
  const bytes = encodeSafetensors(Object.fromEntries(kept), Object.fromEntries(metadata));
  const settings = resolveSettings({ ...SMALL, epochs: 1 });
  const engine = await createEngine();
  const trainer = createTrainer(engine, settings.training);
  const network = new Network(engine, settings.spec, 99, trainer);
  const stateOf = () => [
    network.snapshot(),
    ...[...network.optimizers.values()].map((optimizer) => optimizer.state()),
    network.method.state?.(),
  ];
  const before = stateOf();
  expect(() => readCheckpoint(bytes, network, settings)).toThrow(DataFormatError);
  expect(stateOf()).toEqual(before);
});

async function checkpointOf(): Promise<Uint8Array> {
  const run = train({ ...SMALL, epochs: 1 });
  const records = run[Symbol.asyncIterator]();
  await records.next();
  const bytes = run.checkpoint() as Uint8Array;
  await records.return?.();
  run.model?.dispose();
  return bytes;
}
