import { afterEach, describe, expect, it, vi } from "vitest";
import { pause } from "../../src/train/pause.ts";

describe("pause()", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("lets the event loop run", async () => {
    let ran = false;
    setImmediate(() => {
      ran = true;
    });
    for (let i = 0; i < 100 && !ran; i++) await pause();
    expect(ran).toBe(true);
  });

  it("does so where there is no MessageChannel, as in workerd", async () => {
    vi.stubGlobal("MessageChannel", undefined);
    await expect(pause()).resolves.toBeUndefined();
  });
});
