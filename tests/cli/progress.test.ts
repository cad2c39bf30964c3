import { describe, expect, it } from "vitest";
import { createProgress } from "../../src/cli/progress.ts";
import type { RunEvent } from "../../src/node/runs/run-events.ts";

const grid = { done: 1, total: 6, etaSeconds: 42 };
const loss = { total: 2, modalities: { image: 1.25, words: 0.75 } };
const scores = (accuracy: number) => ({ accuracy, macroF1: 0, nll: 1 });

function epoch(label: string, fused: number): RunEvent {
  const validation = { fused: scores(fused), modalities: { image: scores(0.1) } };
  const record = { epoch: 2, learningRate: 0.1, loss, validation, seconds: 1, samplesPerSecond: 9 };
  return { type: "epoch", label, seed: 0, grid, record };
}

function batch(label: string, samplesPerSecond: number): RunEvent {
  const progress = { epoch: 3, epochs: 12, batch: 4, batches: 9, loss, etaSeconds: 7 };
  return { type: "batch", label, seed: 0, grid, progress: { ...progress, samplesPerSecond } };
}

const ended: RunEvent = {
  type: "cell",
  label: "mla",
  seed: 0,
  outcome: "trained",
  reason: null,
  seconds: 5,
  selectedEpoch: 9,
  grid: { ...grid, done: 2 },
};

function show(columns: number | null, json: boolean, events: readonly RunEvent[]) {
  const written = { out: "", err: "" };
  const progress = createProgress(
    {
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
      columns,
      signal: new AbortController().signal,
    },
    json,
  );
  for (const event of events) progress.onEvent(event);
  return written;
}

describe("createProgress()", () => {
  it("keeps one live line on a terminal, of all trainings at work, within its width", () => {
    const events = [epoch("mla", 0.7), batch("mla", 100), batch("sum", 200)];
    const { out, err } = show(200, false, events);
    const [last] = err.split("\r\x1b[2K").slice(-1);
    expect([out, last]).toEqual([
      "",
      "1/6, 42.0 s left  300 samples/s  | mla seed 0 3/12 image 1.250 words 0.750 validation 70.0 %  | sum seed 0 3/12 image 1.250 words 0.750",
    ]);
    expect(err).not.toContain("\n");
    for (const line of show(40, false, events).err.split("\r\x1b[2K")) {
      expect(line.length).toBeLessThan(40);
    }
  });

  it("leaves a line for what has ended, and forgets it in the live line", () => {
    const { err } = show(200, false, [batch("mla", 100), ended, batch("sum", 200)]);
    const [, , done, live] = err.split("\r\x1b[2K");
    expect(done).toBe("2/6  mla seed 0  epoch 9 kept, 5.00 s\n");
    expect(live).not.toContain("mla");
  });

  it("writes plain lines where there is no terminal", () => {
    const { err } = show(null, false, [epoch("mla", 0.7), batch("mla", 100), ended]);
    expect(err).not.toContain("\x1b");
    expect(err.split("\n")).toEqual([
      "mla seed 0  epoch 2  loss image 1.250 words 0.750  validation 70.0 %  9.00 samples/s  1/6, 42.0 s left",
      "2/6  mla seed 0  epoch 9 kept, 5.00 s",
      "",
    ]);
  });

  it("writes one JSON object per line for programs", () => {
    const { out, err } = show(200, true, [epoch("mla", 0.7), ended]);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ event, label }) => [event, label])).toEqual([
      ["epoch", "mla"],
      ["cell", "mla"],
    ]);
    expect(err).toBe("");
  });
});
