/**
 * Where the time of a stretch of work goes, by op.
 *
 * While a profile is taken, the engine calls an instrumented copy of the core, and a backward pass goes node by node;
 * at other times nothing of it is there. Each call costs some 0.2 us more then, and clocks of browsers are coarse: look
 * at shares of large ops, not at single small ones.
 */
import type { CoreExports } from "./wasm/exports.ts";
import { wrapCore } from "./wrap-core.ts";

/** Calls of one kind: an export of the core, or the backward of an op. */
export interface ProfileRow {
  readonly name: string;
  readonly calls: number;
  readonly ms: number;
  /** Of the whole time. */
  readonly share: number;
  /** Multiplications and additions of products and convolutions, in 1e9. */
  readonly gflop: number;
}

export interface ProfileOptions {
  /** FLOP per second that the machine can do; the table then has a column for the share of it. */
  readonly peak?: number;
}

interface Event {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly flop: number;
}

/** A finished profile. */
export class Profile<T> {
  /** What the body returned. */
  readonly result: T;
  /** From the start of the body to its end. */
  readonly ms: number;
  /** By time, greatest first; the last one is what happened outside of the core. */
  readonly rows: readonly ProfileRow[];
  readonly #events: readonly Event[];
  readonly #start: number;
  readonly #peak: number | undefined;

  constructor(
    result: T,
    start: number,
    end: number,
    events: readonly Event[],
    { peak }: ProfileOptions,
  ) {
    this.result = result;
    this.ms = end - start;
    this.rows = summarize(events, this.ms);
    this.#events = events;
    this.#start = start;
    this.#peak = peak;
  }

  /** The rows as text, one line each. */
  table(): string {
    const peak = this.#peak;
    const lines = this.rows.map(({ name, calls, ms, share, gflop }) => {
      const speed = (gflop * 1000) / ms;
      return [
        name,
        calls === 0 ? "" : String(calls),
        ms.toFixed(2),
        `${(share * 100).toFixed(1)} %`,
        gflop === 0 ? "" : speed.toFixed(1),
        ...(peak === undefined
          ? []
          : [gflop === 0 ? "" : `${((speed * 1e11) / peak).toFixed(0)} %`]),
      ];
    });
    const head = ["op", "calls", "ms", "share", "GFLOP/s", ...(peak === undefined ? [] : ["peak"])];
    const all = [head, ...lines];
    const widths = head.map((_, i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
    return all
      .map((line) =>
        line
          .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  }

  /** JSON for chrome://tracing and ui.perfetto.dev: one event per call. */
  trace(): string {
    const traceEvents = this.#events.map(({ name, start, end, flop }) => ({
      name,
      ph: "X",
      pid: 1,
      tid: 1,
      ts: (start - this.#start) * 1000,
      dur: (end - start) * 1000,
      args: { flop },
    }));
    return JSON.stringify({ displayTimeUnit: "ms", traceEvents });
  }
}

/** Collects the events of one profile. */
export class Profiler {
  readonly core: CoreExports;
  readonly #events: Event[] = [];
  readonly #start = performance.now();

  /** @param core - to be measured; `this.core` is called in its place */
  constructor(core: CoreExports) {
    this.core = instrument(core, this.#events);
  }

  finish<T>(result: T, options: ProfileOptions): Profile<T> {
    return new Profile(result, this.#start, performance.now(), this.#events, options);
  }
}

function instrument(core: CoreExports, events: Event[]): CoreExports {
  const opOfBackward = new Map<number, string>();
  const measure = (name: string | undefined, call: () => number): number => {
    const flopBefore = core.operationCount();
    const start = performance.now();
    const result = call();
    const end = performance.now();
    const flop = core.operationCount() - flopBefore;
    events.push({ name: name ?? `${opOfBackward.get(result) ?? "op"} backward`, start, end, flop });
    return result;
  };
  const measured = wrapCore(core, (call, name) => (...args) => {
    const before = core.newestNode();
    const result = measure(name, () => call(...args));
    // An op that recorded a node tells whose backward that is; the end of a scope brings back an older node.
    const recorded = core.newestNode() !== before && name !== "closeScope";
    if (recorded) opOfBackward.set(core.newestBackward(), name);
    return result;
  });
  const continueBackward = (): number => {
    while (measure(undefined, () => core.stepBackward()) >= 0) {
      const stretch = core.takeStretch();
      if (stretch >= 0) return stretch;
    }
    // The last step found nothing left.
    events.pop();
    return -1;
  };
  const backward = (tensor: number, seed: number): number => {
    core.startBackward(tensor, seed);
    return continueBackward();
  };
  return { ...measured, backward, continueBackward };
}

function summarize(events: readonly Event[], total: number): ProfileRow[] {
  const sums = new Map<string, { calls: number; ms: number; gflop: number }>();
  for (const { name, start, end, flop } of events) {
    const sum = sums.get(name) ?? { calls: 0, ms: 0, gflop: 0 };
    sum.calls++;
    sum.ms += end - start;
    sum.gflop += flop / 1e9;
    sums.set(name, sum);
  }
  const rows = [...sums]
    .map(([name, sum]) => ({ name, ...sum, share: sum.ms / total }))
    .sort((a, b) => b.ms - a.ms);
  const outside = Math.max(total - rows.reduce((sum, { ms }) => sum + ms, 0), 0);
  return [
    ...rows,
    { name: "outside the core", calls: 0, ms: outside, gflop: 0, share: outside / total },
  ];
}
