import type { Mutant } from "./mutant.ts";

const OPTIMIZERS = ["tests/optim/optimizers.test.ts"];
const LIST = ["tests/optim/parameter-list.test.ts"];
const CLIP = ["tests/optim/clip.test.ts"];

/** Wrong optimizers and clipping. */
export const OPTIMIZER_MUTANTS: readonly Mutant[] = [
  {
    name: "a parameter without a gradient moves on by momentum and decay",
    file: "assembly/optim/parameter-list.ts",
    search: "return entry.parameter.stamp != 0 && !entry.frozen;",
    replace: "return !entry.frozen;",
    tests: LIST,
  },
  {
    name: "a step held back is added instead of subtracted",
    file: "assembly/optim/parameter-list.ts",
    search: "f32x4.sub(v128.load(x), v128.load(y))",
    replace: "f32x4.add(v128.load(x), v128.load(y))",
    tests: OPTIMIZERS,
  },
  {
    name: "loading forgets how far the bias correction had come",
    file: "assembly/optim/parameter-list.ts",
    search: "const power1 = entry.power1 * beta1;",
    replace: "const power1 = entry.power1 * beta0;",
    tests: OPTIMIZERS,
  },
  {
    name: "Nesterov's momentum does not look ahead",
    file: "assembly/optim/sgd.ts",
    search: "nesterov ? f32x4.add(gradient, f32x4.mul(momenta, velocity)) : velocity",
    replace: "velocity",
    tests: OPTIMIZERS,
  },
  {
    name: "Adam without bias correction of the squares",
    file: "assembly/optim/adam.ts",
    search: "<f32>(1 / sqrt(1 - entry.power1))",
    replace: "1",
    tests: OPTIMIZERS,
  },
  {
    name: "AdamW decays through the gradient",
    file: "assembly/optim/adam.ts",
    search: "decoupled ? 0 : ownDecay",
    replace: "ownDecay",
    tests: OPTIMIZERS,
  },
  {
    name: "clipping also lengthens small gradients",
    file: "src/optim/clip.ts",
    search: "if (factor < 1) core",
    replace: "core",
    tests: CLIP,
  },
];
