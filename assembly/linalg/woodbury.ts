import { allocArena, Mark, pushMark, rewind } from "../memory";
import { cholesky, choleskySolve } from "./cholesky";
import { axpy64, demote, dot32, promote } from "./dot";

/**
 * u <- u (I + f' diag(weights) f)^-1 = u - u f' (diag(1 / weights) + f f')^-1 f (Woodbury), all sums in f64:
 * O(k d (rows + k)), without a d x d matrix.
 *
 * @param u f32 [rows, d]
 * @param f f32 [k, d]
 * @param weights f64 [k], above 0
 */
export function woodburyRight(u: usize, rows: i32, d: i32, f: usize, k: i32, weights: usize): void {
  const mark = pushMark<Mark>();
  const line = (<usize>d) << 2;
  const side = (<usize>k) << 3;
  const gram = allocArena(<usize>k * side);
  const floors = allocArena(side);
  const along = allocArena(side);
  const wide = allocArena(line << 1);
  const vectors = allocArena(<usize>k * (line << 1));
  promote(vectors, f, k * d);
  for (let i: usize = 0; i < <usize>k; i++) {
    for (let j: usize = 0; j <= i; j++) {
      store<f64>(gram + i * side + (j << 3), dot32(f + i * line, f + j * line, d));
    }
    const diagonal = gram + i * side + (i << 3);
    const floor = 1 / load<f64>(weights + (i << 3));
    store<f64>(diagonal, load<f64>(diagonal) + floor);
    store<f64>(floors + (i << 3), floor);
  }
  cholesky(gram, k, floors);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const values = u + row * line;
    for (let j: usize = 0; j < <usize>k; j++) {
      store<f64>(along + (j << 3), dot32(values, f + j * line, d));
    }
    choleskySolve(gram, along, k);
    promote(wide, values, d);
    for (let j: usize = 0; j < <usize>k; j++) {
      axpy64(wide, vectors + j * (line << 1), d, -load<f64>(along + (j << 3)));
    }
    demote(values, wide, d);
  }
  rewind(mark);
}
