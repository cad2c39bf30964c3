/** A step that the host composes twice and the core then makes again by itself, call by call: `altermodal/replay`. */
import type { Engine } from "./engine.ts";
import { OptionError } from "./errors.ts";
import type { Tensor } from "./tensor.ts";
import type { CoreExports } from "./wasm/exports.ts";
import { type CoreCall, wrapCore } from "./wrap-core.ts";

/** A call of the core as the host made it. */
interface Call {
  readonly name: string;
  readonly args: readonly number[];
  readonly result: number;
}

interface Recording {
  readonly calls: readonly Call[];
  readonly out: number;
  readonly value: number;
}

/** A call to make again: some arguments are what earlier calls return. */
interface Step {
  readonly name: string;
  call: CoreCall;
  readonly args: number[];
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
 * @throws {OptionError} in one of the first two calls, if `body` makes a tensor of the host's values, returns one that it has
 *   not computed, or does not make the same calls with the same numbers again
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
  const recording = wrapCore(core, (call, name) => (...args) => {
    if (name === "createTensor") {
      throw new OptionError(
        "replayStep: Cannot make a tensor in the step: expected tensors that were made before it, as the host's values would not be read again, got a new one",
      );
    }
    const result = call(...args);
    calls.push({ name, args, result });
    return result;
  });
  return engine.scope(() => {
    if (moved) engine.scalar(0);
    engine.core = recording;
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
  const key = (a: number, b: number): string => `${a} ${b}`;
  if (first.calls.length !== second.calls.length) {
    throw changed("the step", `${first.calls.length} calls`, `${second.calls.length}`);
  }
  const steps = first.calls.map(({ name, args, result }, i) => {
    const other = second.calls[i] as Call;
    if (other.name !== name) throw changed("the step", name, other.name);
    const sources: [number, number][] = [];
    args.forEach((arg, k) => {
      const again = other.args[k] as number;
      const same = Object.is(arg, again);
      const call = returned.get(key(arg, again));
      if (call !== undefined && (!same || arg >>> 0 >= LARGE)) sources.push([k, call]);
      else if (!same) throw changed(name, String(arg), String(again));
    });
    returned.set(key(result, other.result), i);
    return { name, call: unresolved, args: [...args], returned: sources };
  });
  const out = returned.get(key(first.out, second.out));
  if (out === undefined) {
    throw new OptionError(
      "replayStep: Cannot replay the step: expected a result that it computes, got a tensor that was made before it",
    );
  }
  return { core: undefined, steps, out };
}

function changed(what: string, was: string, is: string): OptionError {
  return new OptionError(
    `replayStep: Cannot replay ${what}: expected the same numbers each time, got ${was}, then ${is}`,
  );
}

function unresolved(): number {
  return 0;
}

function replay(engine: Engine, plan: Plan): number {
  const { core } = engine;
  const { steps, out } = plan;
  if (plan.core !== core) {
    const calls = core as unknown as Record<string, CoreCall>;
    for (const step of steps) step.call = calls[step.name] as CoreCall;
    plan.core = core;
  }
  return engine.scope(() => {
    const enabled = core.isGradEnabled();
    const results: number[] = [];
    try {
      for (const { call, args, returned } of steps) {
        for (const [argument, source] of returned) args[argument] = results[source] as number;
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
function made(call: CoreCall, args: readonly number[]): number {
  const a = args as readonly [number, number, number, number];
  switch (args.length) {
    case 0:
      return call();
    case 1:
      return call(a[0]);
    case 2:
      return call(a[0], a[1]);
    case 3:
      return call(a[0], a[1], a[2]);
    case 4:
      return call(a[0], a[1], a[2], a[3]);
    default:
      return call(...args);
  }
}
