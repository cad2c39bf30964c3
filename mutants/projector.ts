import type { Mutant } from "./mutant.ts";

const SHERMAN_MORRISON = ["tests/linalg/sherman-morrison.test.ts"];
const FACTORS = ["tests/optim/projector-factors.test.ts"];
const RIGHT_SIDE = ["tests/linalg/right-side.test.ts"];
const STEP = ["tests/optim/head-projection.test.ts"];
const MEMORY = ["tests/optim/head-projection-memory.test.ts"];
const symmetric = "assembly/linalg/symmetric.ts";
const factors = "assembly/linalg/factors.ts";
const woodbury = "assembly/linalg/woodbury.ts";
const projection = "src/optim/head-projection.ts";

/** Wrong projectors, memories and orders of a projected step. */
export const PROJECTOR_MUTANTS: readonly Mutant[] = [
  {
    name: "the denominator forgets the weight",
    file: symmetric,
    search: "sqrt(weight / (1 + weight * along))",
    replace: "sqrt(weight / (1 + along))",
    tests: SHERMAN_MORRISON,
  },
  {
    name: "a denominator for each element instead of a scalar",
    file: symmetric,
    search:
      "store<f64>(g + (i << 3), scale * load<f64>(g + (i << 3)));\n  }\n  for (let i: usize = 0; i < <usize>d; i++) {\n    axpy64(p",
    replace:
      "const own = abs(load<f64>(g + (i << 3)) * load<f64>(vector + (i << 3)));\n    store<f64>(g + (i << 3), sqrt(weight / (1 + weight * own)) * load<f64>(g + (i << 3)));\n  }\n  for (let i: usize = 0; i < <usize>d; i++) {\n    axpy64(p",
    tests: SHERMAN_MORRISON,
  },
  {
    name: "the projector grows along what it met",
    file: symmetric,
    search: "axpy64(p + i * stride, g, d, -load<f64>(g + (i << 3)));",
    replace: "axpy64(p + i * stride, g, d, load<f64>(g + (i << 3)));",
    tests: SHERMAN_MORRISON,
  },
  {
    name: "the projector is kept in float32",
    file: symmetric,
    search: "axpy64(p + i * stride, g, d, -load<f64>(g + (i << 3)));",
    replace:
      "axpy64(p + i * stride, g, d, -load<f64>(g + (i << 3)));\n    for (let j: usize = 0; j < stride; j += 8) store<f64>(p + i * stride + j, <f64>(<f32>load<f64>(p + i * stride + j)));",
    tests: SHERMAN_MORRISON,
  },
  {
    name: "the factors' columns turn by the gain after them",
    file: factors,
    search: "<f32>(-value / before)",
    replace: "<f32>(-value / after)",
    tests: FACTORS,
  },
  {
    name: "the factors' diagonal never shrinks",
    file: factors,
    search: "load<f64>(diagonal) * (before / after)",
    replace: "load<f64>(diagonal)",
    tests: FACTORS,
  },
  {
    name: "the factors' diagonal is left out of a projection",
    file: factors,
    search: "<f32>(<f64>load<f32>(along + c) * factor)",
    replace: "load<f32>(along + c)",
    tests: FACTORS,
  },
  {
    name: "a square head is projected from the left: P U",
    file: "src/optim/projection/projector-matrix.ts",
    search: "this.#engine.core.rightMultiply(u, rows, this.#p.width, this.#p.address);",
    replace: `const transpose = () => {
      const view = this.#engine.viewAt(u, 0, rows * rows);
      const swapped = view.map((_, at) => view[(at % rows) * rows + Math.floor(at / rows)]);
      if (rows === this.#p.width) view.set(swapped);
    };
    transpose();
    this.#engine.core.rightMultiply(u, rows, this.#p.width, this.#p.address);
    transpose();`,
    tests: MEMORY,
    only: "memory all",
  },
  {
    name: "alpha and 1 / alpha are mixed up",
    file: woodbury,
    search: "const floor = 1 / load<f64>(weights + (i << 3));",
    replace: "const floor = load<f64>(weights + (i << 3));",
    tests: RIGHT_SIDE,
    only: "woodburyRight",
  },
  {
    name: "the correlation of two memories is ignored",
    file: woodbury,
    search: "for (let j: usize = 0; j <= i; j++) {",
    replace: "for (let j: usize = i; j <= i; j++) {",
    tests: RIGHT_SIDE,
    only: "woodburyRight",
  },
  {
    name: "a modality's step is projected away from its own features",
    file: "src/optim/projection/recent-vectors.ts",
    search: "name !== modality",
    replace: "name === modality",
    tests: MEMORY,
  },
  {
    name: "the identity decays with the memory",
    file: "src/optim/projection/decaying-information.ts",
    search: "keep, 1 - keep, 1 / alpha",
    replace: "keep, 0, 1 / alpha",
    tests: MEMORY,
  },
  {
    name: "the memory of an epoch is never emptied",
    file: projection,
    search: 'if (batch === 0 && memory === "epoch"',
    replace: 'if (batch < 0 && memory === "epoch"',
    tests: MEMORY,
  },
  {
    name: "a free bias is remembered all the same",
    file: projection,
    search: "values[i] = 0;",
    replace: "values[i] = 1;",
    tests: MEMORY,
  },
  {
    name: "a step is projected after it was applied",
    file: projection,
    search: "if (held) optimizer.updates(rate);",
    replace: "if (held) optimizer.step(rate);",
    tests: STEP,
  },
  {
    name: "a step's own features are remembered before its projection",
    file: projection,
    search: "this.#memory?.remembersFirst === true",
    replace: "this.#memory !== undefined",
    tests: STEP,
  },
  {
    name: "the gradient is projected where the step should be",
    file: projection,
    search: 'this.options.project === "update"',
    replace: 'this.options.project === "gradient"',
    tests: STEP,
  },
  {
    name: "the authors' matrix is transposed",
    file: "src/optim/projection/authors-projection.ts",
    search: "(this.#p[i * d + j] as number) * (x[j] as number)",
    replace: "(this.#p[j * d + i] as number) * (x[j] as number)",
    tests: ["tests/optim/authors-projection.test.ts"],
  },
];
