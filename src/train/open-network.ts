import type { Engine } from "../engine/engine.ts";
import { DataFormatError, OptionError, ShapeError } from "../engine/errors.ts";
import type { ModelSpec } from "./model-spec.ts";
import { Network, restoreAll } from "./network.ts";

/**
 * A network that only predicts, with the values of a file.
 *
 * @throws {DataFormatError} if its parts do not fit, or the values are not those of the spec; nothing is kept then
 */
export function openNetwork<M extends string>(
  engine: Engine,
  spec: ModelSpec<M>,
  values: ReadonlyMap<string, Float32Array>,
): Network<M> {
  const network = readable(() => new Network(engine, spec, 0, null));
  try {
    restoreAll(network, values, "model");
  } catch (error) {
    network.dispose();
    throw error;
  }
  return network;
}

/** A file that asks for parts that do not exist, or do not fit, is as damaged as a truncated one. */
export function readable<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof ShapeError)) throw error;
    throw new DataFormatError(
      `model: Cannot build this model: expected parts that are given and fit, got: ${error.message}`,
      { cause: error },
    );
  }
}
