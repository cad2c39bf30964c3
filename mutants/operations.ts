import type { Mutant } from "./mutant.ts";

const OPS = ["tests/ops.test.ts"];

/** Wrong ops of later days: recurrence, interpolation, recomputation. */
export const OPERATION_MUTANTS: readonly Mutant[] = [
  {
    name: "the update gate takes the candidate where it should keep the state",
    file: "assembly/ops/gru-cell.ts",
    search: "add<T>(c, mul<T>(z, sub<T>(read<T>(h + at), c)))",
    replace: "add<T>(read<T>(h + at), mul<T>(z, sub<T>(c, read<T>(h + at))))",
    tests: OPS,
    only: "gruCell()",
  },
  {
    name: "the reset gate does not gate",
    file: "assembly/ops/gru-cell.ts",
    search: "const gated = mul<T>(r, read<T>(g + 2 * row + at));",
    replace: "const gated = read<T>(g + 2 * row + at);",
    tests: OPS,
    only: "gruCell()",
  },
  {
    name: "interpolation mixes columns and not rows",
    file: "assembly/ops/interpolate.ts",
    search: "x.data + <usize>((image * x.dim1 + y.second)",
    replace: "x.data + <usize>((image * x.dim1 + y.first)",
    tests: OPS,
    only: "interpolate()",
  },
  {
    name: "what a recomputed stretch receives is forgotten",
    file: "assembly/stretch.ts",
    search: "    alias.grad = gradSum(x);\n    alias.stamp = 1;\n",
    replace: "",
    tests: ["tests/engine/recompute.test.ts"],
  },
];
