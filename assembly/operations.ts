/** Counts the work of products and convolutions, for profiles. */

let total: f64 = 0;

/** `count` more multiplications and additions. */
export function countOperations(count: f64): void {
  total += count;
}

/** Multiplications and additions since the core was loaded. */
export function operationCount(): f64 {
  return total;
}
