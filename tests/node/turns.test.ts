import { describe, expect, it } from "vitest";
import { Turns } from "../../src/node/turns.ts";

describe("Turns", () => {
  it("gives each worker one thing at a time, in the order of coming", async () => {
    const turns = new Turns(["a", "b"]);
    const busy = new Set<string>();
    const begun: number[] = [];
    const work = (i: number) =>
      turns.take(async (worker) => {
        expect(busy).not.toContain(worker);
        busy.add(worker);
        begun.push(i);
        await new Promise((resolve) => setTimeout(resolve, i % 2));
        busy.delete(worker);
        return 10 * i;
      });
    expect(await Promise.all([0, 1, 2, 3, 4].map(work))).toEqual([0, 10, 20, 30, 40]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it("goes on after work that failed", async () => {
    const turns = new Turns(["a"]);
    const failing = turns.take(() => Promise.reject(new Error("broken")));
    const next = turns.take(async (worker) => worker);
    await expect(failing).rejects.toThrow("broken");
    expect(await next).toBe("a");
  });

  it("begins nothing after a stop, and settles when what was at work has ended", async () => {
    const turns = new Turns(["a"]);
    const seen: string[] = [];
    let end = () => {};
    const first = turns.take(async () => {
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      seen.push("ended");
    });
    const waiting = turns.take(async () => seen.push("never"));
    turns.stop(new Error("enough"));
    turns.stop(new Error("later"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(turns.take(async () => seen.push("never"))).rejects.toThrow("enough");
    const settled = turns.settled().then(() => seen.push("settled"));
    end();
    await Promise.all([first, settled]);
    expect(seen).toEqual(["ended", "settled"]);
  });
});
