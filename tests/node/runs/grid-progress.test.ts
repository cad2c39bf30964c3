import { describe, expect, it } from "vitest";
import { GridProgress } from "../../../src/node/runs/grid-progress.ts";

const at = (epoch: number, batch: number) => ({
  epoch,
  epochs: 4,
  batch,
  batches: 2,
  loss: { total: 1, modalities: {} },
  samplesPerSecond: 1,
  etaSeconds: 1,
});

describe("GridProgress", () => {
  it("estimates from what was worked off here, not from what was finished before", () => {
    let clock = 5000;
    const work = { a: 4, b: 4, c: 4, ensemble: 0 };
    const grid = new GridProgress(new Map(Object.entries(work)), () => clock);
    expect(grid.stand()).toEqual({ done: 0, total: 4, etaSeconds: null });
    grid.end("c", true);
    expect(grid.stand().etaSeconds).toBeNull();
    clock += 3000;
    // Goes on from a checkpoint: of the six epochs that were left here, half of one took 3 s.
    grid.batch("b", at(3, 1));
    expect(grid.stand()).toEqual({ done: 1, total: 4, etaSeconds: 33 });
    grid.end("ensemble", false);
    expect(grid.stand().done).toBe(2);
  });
});
