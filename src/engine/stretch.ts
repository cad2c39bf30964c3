/** Stretches of the forward pass that the backward pass computes again: the host's side of `assembly/stretch.ts`. */
import type { Engine } from "./engine.ts";
import type { Tensor } from "./tensor.ts";

/** A stretch as `Engine.recompute` has run it. */
export interface Stretch {
  readonly body: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly Tensor[];
  readonly out: Tensor;
}

/** Runs the stretch that the backward pass has come to again, and a pass over it, from the gradient of its result. */
export function replayStretch(engine: Engine, { body, inputs, out }: Stretch): void {
  const { core } = engine;
  const aliases = inputs.map((x) => engine.wrap(core.createAlias(x.pointer)));
  const state = core.suspendBackward();
  try {
    engine.scope(() => {
      core.setGradEnabled(1);
      engine.backward(body(...aliases), engine.wrap(core.createGradAlias(out.pointer)));
    });
  } finally {
    core.resumeBackward(state);
  }
}
