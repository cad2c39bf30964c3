import { F32, TENSOR_DATA, TENSOR_DTYPE, TENSOR_SIZE } from "./abi.ts";
import type { Engine } from "./engine.ts";
import type { CoreExports } from "./wasm/exports.ts";
import { wrapCore } from "./wrap-core.ts";

/** Stops `body` at the op that was looked for. */
class Found extends Error {
  readonly op: string;

  constructor(op: string) {
    super(op);
    this.op = op;
  }
}

/**
 * Runs `body` and names the first recorded op whose result is not finite; undefined if there is none. For diagnosis
 * only: every op is checked, and `body` is cut short at the op that is found.
 */
export function firstNonFiniteOp(engine: Engine, body: () => void): string | undefined {
  const { core } = engine;
  engine.core = watched(engine, core);
  try {
    engine.scope(body);
  } catch (error) {
    if (error instanceof Found) return error.op;
  } finally {
    engine.core = core;
  }
  return undefined;
}

function watched(engine: Engine, core: CoreExports): CoreExports {
  return wrapCore(core, (call, name) => {
    // The end of a scope brings back an older node: no op was recorded.
    if (name === "closeScope") return call;
    return (...args) => {
      const before = core.newestNode();
      const result = call(...args);
      if (core.newestNode() !== before && !holdsFinite(engine, result)) throw new Found(name);
      return result;
    };
  });
}

function holdsFinite(engine: Engine, pointer: number): boolean {
  const field = (offset: number) => engine.i32[((pointer >>> 0) + offset) >>> 2] as number;
  if (field(TENSOR_DTYPE) !== F32) return true;
  return engine.viewAt(field(TENSOR_DATA), F32, field(TENSOR_SIZE)).every(Number.isFinite);
}
