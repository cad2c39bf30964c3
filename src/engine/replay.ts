/** A step that the host composes twice and the core then makes again by itself, call by call: `altermodal/replay`. */
import type { Engine } from "./engine.ts";
import { OptionError } from "./errors.ts";
import type { Tensor } from "./tensor.ts";
import type { CoreExports } from "./wasm/exports.ts";

type Exported = (...args: unknown[]) => unknown;

/** A call of the core as the host made it. */
interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly result: unknown;
}

interface Recording {
  readonly calls: readonly Call[];
  readonly out: number;
  readonly value: number;
}

/** A call to make again: some arguments are what earlier calls return. */
interface Step {
  readonly name: string;
  call: Exported;
  readonly args: unknown[];
  /** Position of an argument, and the call that returns it. */
  readonly returned: readonly (readonly [argument: number, call: number])[];
}

interface Plan {
  /** Whose calls the steps make: a profile puts another core in the engine's place. */
  core: CoreExports | undefined;
  readonly steps: readonly Step[];
  /** The call that returns the body's result. */
  readonly out: number;
}

/** Addresses below are shared with small numbers. */
const LARGE = 65536;

/**
 * A function that makes the step of `body` and returns its result, a loss say. The first two calls run `body`; the second
 * tells what is an address, which may change, from what is a number, which may not. All later ones repeat the calls of the
 * core with the same bits, and spare the host's part, a twelfth of the step of a net of three layers of 16.
 *
 * What the host computes stays as it was: shapes, learning rates, seeds. New data are written into persistent tensors
 * (`x.set(values)`) before the call.
 *
 * @param body - forward pass, backward pass and update, in any order; runs in a scope of its own
 * @throws {OptionError} in one of the first two calls, if `body` makes a tensor of the host's values, or does not make the same
 *   calls with the same numbers again
 */
export function replayStep(engine: Engine, body: () => Tensor): () => number {
  let first: Recording | undefined;
  let plan: Plan | undefined;
  return () => {
    if (plan !== undefined) return replay(engine, plan);
    const recording = record(engine, body, first !== undefined);
    if (first === undefined) first = recording;
    else plan = planOf(first, recording);
    return recording.value;
  };
}

/** Runs the body and keeps its calls; `moved` moves what it makes to other addresses. */
function record(engine: Engine, body: () => Tensor, moved: boolean): Recording {
  const { core } = engine;
  const calls: Call[] = [];
  const entries = Object.entries(core).map(([name, exported]) => {
    if (typeof exported !== "function") return [name, exported];
    const call = (...args: unknown[]): unknown => {
      if (name === "createTensor") {
        throw new OptionError(
          "replayStep: Cannot make a tensor in the step: expected tensors that were made before it, as the host's values would not be read again, got a new one",
        );
      }
      const result = (exported as Exported)(...args);
      calls.push({ name, args, result });
      return result;
    };
    return [name, call];
  });
  return engine.scope(() => {
    if (moved) engine.scalar(0);
    engine.core = Object.fromEntries(entries) as CoreExports;
    try {
      const out = body();
      return { calls, out: out.pointer, value: out.item() };
    } finally {
      engine.core = core;
    }
  });
}

function planOf(first: Recording, second: Recording): Plan {
  // By what a call returned both times, the last one that did.
  const returned = new Map<string, number>();
  const key = (a: unknown, b: unknown): string => `${a} ${b}`;
  if (first.calls.length !== second.calls.length) {
    throw changed("the step", `${first.calls.length} calls`, `${second.calls.length}`);
  }
  const steps = first.calls.map(({ name, args, result }, i) => {
    const other = second.calls[i] as Call;
    if (other.name !== name) throw changed("the step", name, other.name);
    const sources: [number, number][] = [];
    args.forEach((arg, k) => {
      const again = other.args[k];
      const same = Object.is(arg, again);
      const call = returned.get(key(arg, again));
      if (call !== undefined && (!same || Number(arg) >>> 0 >= LARGE)) sources.push([k, call]);
      else if (!same) throw changed(name, String(arg), String(again));
    });
    returned.set(key(result, other.result), i);
    return { name, call: unresolved, args: [...args], returned: sources };
  });
  return { core: undefined, steps, out: returned.get(key(first.out, second.out)) as number };
}

function changed(what: string, was: string, is: string): OptionError {
  return new OptionError(
    `replayStep: Cannot replay ${what}: expected the same numbers each time, got ${was}, then ${is}`,
  );
}

function unresolved(): void {}

function replay(engine: Engine, plan: Plan): number {
  const { core } = engine;
  const { steps, out } = plan;
  if (plan.core !== core) {
    const exported = core as unknown as Record<string, Exported>;
    for (const step of steps) step.call = exported[step.name] as Exported;
    plan.core = core;
  }
  return engine.scope(() => {
    const enabled = core.isGradEnabled();
    const results: unknown[] = [];
    try {
      for (const { call, args, returned } of steps) {
        for (const [argument, source] of returned) args[argument] = results[source];
        results.push(made(call, args));
      }
    } catch (error) {
      core.setGradEnabled(enabled);
      throw error;
    }
    return engine.wrap(results[out] as number).item();
  });
}

/** call(...args): to spread few arguments takes longer than the call. */
function made(call: Exported, args: readonly unknown[]): unknown {
  switch (args.length) {
    case 0:
      return call();
    case 1:
      return call(args[0]);
    case 2:
      return call(args[0], args[1]);
    case 3:
      return call(args[0], args[1], args[2]);
    case 4:
      return call(args[0], args[1], args[2], args[3]);
    default:
      return call(...args);
  }
}
