import { build, type Matrix } from "./matrix.ts";

/** U D U' of a projector's saved factors: blocks of four columns, each down to the last row of its block. */
export function fromFactors(
  d: number,
  { factor = [], diagonal = [] }: Readonly<Record<string, ArrayLike<number>>>,
): Matrix {
  const u = build(d, d, (i, j) => {
    const block = Math.floor(j / 4);
    const length = 4 * (block + 1);
    return i < length ? (factor[8 * block * (block + 1) + (j % 4) * length + i] as number) : 0;
  }).data;
  return build(d, d, (i, j) => {
    let sum = 0;
    for (let k = Math.max(i, j); k < d; k++) {
      sum += (u[i * d + k] as number) * (diagonal[k] as number) * (u[j * d + k] as number);
    }
    return sum;
  });
}
