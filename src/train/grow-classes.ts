import { formatShape, OptionError } from "../engine/errors.ts";
import type { Model, ModelState } from "./model.ts";
import { Network } from "./network.ts";

/**
 * A model's state with heads for more classes: the old classes' values stay, those of new ones begin at random.
 *
 * @param classes - the model's own first
 * @throws {OptionError} if a parameter is longer along another axis than that of the classes
 */
export function growClasses<M extends string>(
  model: Model<M>,
  classes: readonly string[],
  seed: number,
): ModelState<M> {
  const state = model.state();
  const known = state.spec.classes.length;
  if (classes.length === known) return state;
  const spec = { ...state.spec, classes };
  const old = new Map(model.network.parameters.entries());
  const grown = new Network<M>(model.engine, spec, seed, null);
  try {
    const values = new Map<string, Float32Array>();
    for (const [name, tensor] of grown.parameters.entries()) {
      const from = (old.get(name) as typeof tensor).shape;
      const own = state.values.get(name) as Float32Array;
      const into = tensor.toArray() as Float32Array;
      values.set(name, embed(name, own, from, into, tensor.shape, known, classes.length));
    }
    return { ...state, spec, values };
  } finally {
    grown.dispose();
  }
}

/** Copies a block of values into a greater one, which is longer along the axes of the classes. */
function embed(
  name: string,
  values: Float32Array,
  from: readonly number[],
  into: Float32Array,
  to: readonly number[],
  known: number,
  all: number,
): Float32Array {
  if (!from.every((length, i) => length === to[i] || (length === known && to[i] === all))) {
    throw new OptionError(
      `adapt: Cannot add classes to "${name}": expected axes of ${known} classes or as they were, got ${formatShape(from)} and ${formatShape(to)}`,
    );
  }
  values.forEach((value, position) => {
    let rest = position;
    let target = 0;
    let stride = 1;
    for (let axis = from.length - 1; axis >= 0; axis--) {
      const length = from[axis] as number;
      target += (rest % length) * stride;
      stride *= to[axis] as number;
      rest = Math.floor(rest / length);
    }
    into[target] = value;
  });
  return into;
}
