import type { CoreExports } from "./wasm/exports.ts";

export type CoreCall = (...args: number[]) => number;

/** A copy of the core in which `wrap` has put something in the place of every call: to measure, to watch, to record. */
export function wrapCore(
  core: CoreExports,
  wrap: (call: CoreCall, name: string) => CoreCall,
): CoreExports {
  const entries = Object.entries(core).map(([name, exported]) => [
    name,
    typeof exported === "function" ? wrap(exported as CoreCall, name) : exported,
  ]);
  return Object.fromEntries(entries);
}
