import { dot64 } from "./dot";

/**
 * Replaces the lower triangle of the symmetric a [n, n], f64, by L with L L' = a.
 *
 * No pivot falls below `floors[i]` (f64 [n]): what a is known to exceed, so that rounding cannot break it.
 */
export function cholesky(a: usize, n: i32, floors: usize): void {
  const stride = (<usize>n) << 3;
  for (let i = 0; i < n; i++) {
    const row = a + <usize>i * stride;
    for (let j = 0; j < i; j++) {
      const other = a + <usize>j * stride;
      const at = (<usize>j) << 3;
      store<f64>(row + at, (load<f64>(row + at) - dot64(row, other, j)) / load<f64>(other + at));
    }
    const at = (<usize>i) << 3;
    const pivot = load<f64>(row + at) - dot64(row, row, i);
    store<f64>(row + at, sqrt(max(pivot, load<f64>(floors + at))));
  }
}

/** x = (L L')^-1 x, f64 [n], L as {@link cholesky} leaves it. */
export function choleskySolve(l: usize, x: usize, n: i32): void {
  const stride = (<usize>n) << 3;
  for (let i = 0; i < n; i++) {
    const row = l + <usize>i * stride;
    const at = (<usize>i) << 3;
    store<f64>(x + at, (load<f64>(x + at) - dot64(row, x, i)) / load<f64>(row + at));
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = l + <usize>i * stride;
    const at = (<usize>i) << 3;
    const value = load<f64>(x + at) / load<f64>(row + at);
    store<f64>(x + at, value);
    for (let j: usize = 0; j < at; j += 8) {
      store<f64>(x + j, load<f64>(x + j) - value * load<f64>(row + j));
    }
  }
}
