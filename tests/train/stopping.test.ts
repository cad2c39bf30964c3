import { describe, expect, it } from "vitest";
import { umt } from "../../src/methods/index.ts";
import { pause } from "../../src/train/pause.ts";
import { train } from "../../src/train/train.ts";
import { SMALL, weightsOf } from "./support.ts";

describe("a training that is stopped or paused", () => {
  it("stops within a batch when aborted and leaves the best model so far", async () => {
    const abort = new AbortController();
    let batches = 0;
    const run = train({
      ...SMALL,
      signal: abort.signal,
      onBatch: ({ epoch }) => {
        batches++;
        if (epoch === 2) abort.abort(new Error("enough"));
      },
    });
    await expect(run.finish()).rejects.toThrow("enough");
    expect(batches).toBe(5);
    expect(run.selectedEpoch).toBe(1);
    // What was done of the second epoch is not in the checkpoint.
    const resumed = train({ ...SMALL, resume: run.checkpoint() as Uint8Array });
    expect((await resumed.finish()).parameters()).toEqual(await weightsOf(SMALL));
    expect(run.model?.predict({ easy: new Float32Array(64) }).label).toMatch(/class/);
  });

  it("pauses within a batch and goes on to the same bits; the time does not count", async () => {
    const seen: number[] = [];
    const run = train({
      ...SMALL,
      onBatch: ({ epoch, batch, batches }) => {
        seen.push((epoch - 1) * batches + batch);
        if (epoch === 2 && batch === 2) void run.pause();
      },
    });
    const ended = run.finish();
    while (!run.paused) await pause();
    const stood = seen.length;
    const start = performance.now();
    while (performance.now() - start < 300) await pause();
    expect([run.paused, seen.length, seen.at(-1)]).toEqual([true, stood, 6]);
    run.resume();
    expect((await ended).parameters()).toEqual(await weightsOf(SMALL));
    expect([run.paused, seen.length]).toEqual([false, 16]);
    expect(run.epochs[1]?.seconds).toBeLessThan(0.3);
  });

  it("can be paused before it starts, in the training of its first stage, and aborted while paused", async () => {
    const abort = new AbortController();
    let batches = 0;
    const config = { ...SMALL, method: umt(), signal: abort.signal, onBatch: () => void batches++ };
    const run = train(config);
    await run.pause();
    const ended = run.finish();
    for (let i = 0; i < 20; i++) await pause();
    expect(batches).toBe(0);
    run.resume();
    while (batches < 2) await pause();
    await run.pause();
    for (let i = 0; i < 5; i++) await pause();
    const stood = batches;
    for (let i = 0; i < 20; i++) await pause();
    expect(batches).toBe(stood);
    abort.abort(new Error("enough"));
    await expect(ended).rejects.toThrow("enough");
  });
});
