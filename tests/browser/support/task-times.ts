/** How long the main thread was taken at a time, by the browser's own trace. */
import type { Browser, Page } from "playwright-core";

export interface TaskTimes {
  /** Longest task in milliseconds by the clock, with what other programs took of it. */
  readonly clock: number;
  /** Longest that one task computed, in milliseconds of its thread: the same on a busy machine. */
  readonly computing: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock, and of the thread. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Tasks of pages' main threads while `body` runs. */
export async function taskTimes(
  browser: Browser,
  page: Page,
  body: () => Promise<void>,
): Promise<TaskTimes> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await body();
  const trace = await browser.stopTracing();
  const { traceEvents: events }: { traceEvents: readonly TraceEvent[] } = JSON.parse(
    trace.toString(),
  );
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(thread),
  );
  const tasks = events.filter(
    (event) => event.name.endsWith("RunTask") && mains.has(thread(event)),
  );
  const longest = (of: "dur" | "tdur") => Math.max(...tasks.map((task) => task[of] ?? 0)) / 1000;
  return { clock: longest("dur"), computing: longest("tdur") };
}
