import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { linear, relu, sum } from "../../src/ops/index.ts";
import { ENGINES } from "../support/engines.ts";

const ROWS = 8;
const INPUTS = 16;
const OUTPUTS = 32;

/** One step: a product whose two gradients are products, too. */
function step(engine: Engine): Float32Array {
  return engine.scope(() => {
    const x = engine.tensor(0.5, [ROWS, INPUTS], { requiresGrad: true });
    const weight = engine.tensor(0.25, [OUTPUTS, INPUTS], { requiresGrad: true });
    engine.backward(sum(relu(linear(x, weight))));
    return (engine.gradient(weight) as Float32Array).slice();
  });
}

describe.each(Object.entries(ENGINES))("engine.profile(), %s", (_, engine) => {
  it("tells ops and their backwards apart, with calls and FLOP", async () => {
    const profile = await engine.profile(() => {
      step(engine);
      return step(engine);
    });
    const rows = Object.fromEntries(profile.rows.map((row) => [row.name, row]));
    const flop = 2 * ROWS * INPUTS * OUTPUTS;
    expect(rows.linear?.calls).toBe(2);
    expect(rows.linear?.gflop).toBeCloseTo((2 * flop) / 1e9, 15);
    expect(rows["linear backward"]?.calls).toBe(2);
    expect(rows["linear backward"]?.gflop).toBeCloseTo((2 * 2 * flop) / 1e9, 15);
    expect(rows["relu backward"]).toMatchObject({ calls: 2, gflop: 0 });
    expect(rows["sum backward"]?.calls).toBe(2);
    expect(rows["op backward"]).toBeUndefined();
    const shares = profile.rows.reduce((total, { share }) => total + share, 0);
    expect(shares).toBeCloseTo(1, 6);
    expect(profile.rows.at(-1)?.name).toBe("outside the core");
  });

  it("changes no result and leaves the engine as it was, also when the body throws", async () => {
    const { core } = engine;
    const plain = step(engine);
    expect((await engine.profile(() => step(engine))).result).toEqual(plain);
    expect(engine.core).toBe(core);
    const failing = engine.profile(() => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(engine.core).toBe(core);
  });

  it("prints a table and a Chrome trace", async () => {
    const profile = await engine.profile(() => step(engine), { peak: 50e9 });
    const [head, ...lines] = profile.table().split("\n");
    expect(head?.split(/ +/)).toEqual(["op", "calls", "ms", "share", "GFLOP/s", "peak"]);
    expect(lines).toHaveLength(profile.rows.length);
    expect(lines.find((line) => line.startsWith("linear  "))).toMatch(/ %$/);
    const { traceEvents } = JSON.parse(profile.trace());
    const calls = profile.rows.reduce((total, row) => total + row.calls, 0);
    expect(traceEvents).toHaveLength(calls);
    expect(traceEvents[0]).toMatchObject({ ph: "X", name: "openScope" });
  });
});
