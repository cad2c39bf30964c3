import type { Engine } from "../../engine/engine.ts";
import type { CoreExports } from "../../engine/wasm/exports.ts";

/** One call of the core: an op with its arguments, pointers of tensor records among them. */
export interface Call {
  readonly name: string;
  readonly args: readonly number[];
  readonly result: number;
  /** What was being computed, in words. */
  readonly part: string;
}

/** What is recorded beside the calls themselves. */
export interface Recorder {
  /** Says what the calls from now on compute. */
  name(part: string): void;
  /** Writes down a call that the core did not get. */
  add(name: string, args: readonly number[], result: number): void;
}

/** Runs `body` and writes down every call of the core that it makes. */
export function recordCalls<T>(
  engine: Engine,
  body: (recorder: Recorder) => T,
): { readonly calls: readonly Call[]; readonly result: T } {
  const { core } = engine;
  const calls: Call[] = [];
  let part = "";
  const entries = Object.entries(core).map(([name, exported]) => {
    if (typeof exported !== "function") return [name, exported];
    const call = exported as (...args: number[]) => number;
    return [
      name,
      (...args: number[]) => {
        const result = call(...args);
        calls.push({ name, args, result, part });
        return result;
      },
    ];
  });
  engine.core = Object.fromEntries(entries) as CoreExports;
  try {
    const result = body({
      name(now) {
        part = now;
      },
      add(name, args, result) {
        calls.push({ name, args, result, part });
      },
    });
    return { calls, result };
  } finally {
    engine.core = core;
  }
}
