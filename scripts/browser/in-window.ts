/**
 * A Chromium with a window, on a screen that nobody sees (Xvfb), driven by its own protocol. A headless one, and any that
 * playwright drives, calls each of its tabs visible; here tabs get hidden, and slowed down, as on a person's desk.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { chromiumProgram, QUIET_FLAGS } from "./chromium.ts";
import { devtoolsPipe, type Send } from "./devtools-pipe.ts";
import { end, openScreen } from "./screen.ts";

export interface Tab {
  /** What a script of the page comes to; promises are awaited, and results copied. @throws {Error} if it throws */
  evaluate<T>(script: string): Promise<T>;
  /** Waits until a script's result is true, over the loading of the page. */
  until(script: string): Promise<void>;
  /** As browsers do to hidden tabs to save energy: nothing of the page runs until it is thawed. */
  freeze(frozen: boolean): Promise<void>;
}

export interface WindowedBrowser {
  /** A tab in front of those there are, which hides them. */
  open(url: string): Promise<Tab>;
  close(): Promise<void>;
}

/** Starts a screen and a Chromium on it; close it in the end. */
export async function launchInWindow(flags: readonly string[] = []): Promise<WindowedBrowser> {
  const screen = await openScreen();
  const profile = mkdtempSync(join(tmpdir(), "altermodal-window-"));
  const own = [`--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank"];
  const program = spawn(chromiumProgram(), [...QUIET_FLAGS, ...flags, ...own], {
    env: { ...process.env, DISPLAY: screen.display },
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const [, , , commands, answers] = program.stdio;
  const send = devtoolsPipe(commands as Writable, answers as Readable);
  return {
    open: (url) => openTab(send, url),
    async close() {
      await end(program, () => void send("Browser.close").catch(() => program.kill("SIGKILL")));
      await screen.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function openTab(send: Send, url: string): Promise<Tab> {
  const { targetId } = await send<{ targetId: string }>("Target.createTarget", { url });
  const attach = { targetId, flatten: true };
  const { sessionId } = await send<{ sessionId: string }>("Target.attachToTarget", attach);
  const evaluate = async <T>(expression: string) => {
    const how = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails: thrown } = await send<{
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>("Runtime.evaluate", how, sessionId);
    if (thrown === undefined) return result.value;
    throw new Error(`page: ${thrown.exception?.description ?? thrown.text}`);
  };
  return {
    evaluate,
    async until(script) {
      let got: unknown;
      for (let tries = 0; tries < 400; tries++) {
        // Between two documents there is nothing to evaluate in.
        got = await evaluate(script).catch(({ message }: Error) => message);
        if (got === true) return;
        await setTimeout(25);
      }
      throw new Error(`page: expected ${script} within ten seconds, got ${got}`);
    },
    freeze: (frozen) =>
      send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" }, sessionId),
  };
}
