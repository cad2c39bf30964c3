/**
 * Sums over the rows of a matrix x[rows, n], one per column, as batch norm needs them: f64, so that a long batch loses
 * nothing.
 */
import { mul, read, sub } from "../lanes";
import { forColumnGroups } from "./column-groups";
import { ColumnShare, passed } from "./columns";

/** Bytes of a row of n sums, whole vectors of columns. */
export function sumBytes(n: i32): usize {
  return (<usize>((n + 3) & ~3)) << 3;
}

/** sums[j] (f64) = sum over i of x[i, j] - mean[j] or, with `squared`, of its square, as numbers of f32. */
export function columnSums(share: ColumnShare): void {
  memory.fill(share.sums, 0, sumBytes(share.n));
  forColumnGroups<Sums, ColumnShare>(share);
}

@unmanaged
class Sums {
  columns<T>(s: ColumnShare, row: i32, count: i32, j: i32): void {
    const squared = s.squared;
    const sums = s.sums + ((<usize>j) << 3);
    const mean = s.mean + ((<usize>j) << 2);
    const step = (<usize>s.n) << 2;
    let x = s.at(row, j);
    if (isVector<T>()) {
      let front = v128.load(sums);
      let back = v128.load(sums, 16);
      for (; count > 0; count--, x += step) {
        const term = termOf<v128>(x, mean, squared);
        front = addFront(front, term);
        back = addBack(back, term);
      }
      v128.store(sums, front);
      v128.store(sums, back, 16);
    } else {
      for (; count > 0; count--, x += step) addNumber(sums, termOf<f32>(x, mean, squared));
    }
  }
}

/** Two sums of f64 + lanes 0 and 1 of a term. */
function addFront(sums: v128, term: v128): v128 {
  return f64x2.add(sums, f64x2.promote_low_f32x4(term));
}

/** Two sums of f64 + lanes 2 and 3. */
function addBack(sums: v128, term: v128): v128 {
  return f64x2.add(sums, f64x2.promote_low_f32x4(i64x2.shuffle(term, term, 1, 1)));
}

function addNumber(sum: usize, term: f32): void {
  store<f64>(sum, load<f64>(sum) + <f64>term);
}

function termOf<T>(x: usize, mean: usize, squared: bool): T {
  const d = deviation<T>(x, mean);
  return squared ? mul<T>(d, d) : d;
}

function deviation<T>(x: usize, mean: usize): T {
  return sub<T>(read<T>(x), read<T>(mean));
}

/** sums[j] = sum over i of dy[i, j] where the relu let it through, products[j] of those times (x[i, j] - mean[j]). */
export function gradientSums(share: ColumnShare): void {
  memory.fill(share.sums, 0, sumBytes(share.n));
  memory.fill(share.products, 0, sumBytes(share.n));
  forColumnGroups<GradientSums, ColumnShare>(share);
}

@unmanaged
class GradientSums {
  columns<T>(s: ColumnShare, row: i32, count: i32, j: i32): void {
    const sums = s.sums + ((<usize>j) << 3);
    const products = s.products + ((<usize>j) << 3);
    const mean = s.mean + ((<usize>j) << 2);
    const relu = s.relu;
    const step = (<usize>s.n) << 2;
    const dy = s.dy - s.x;
    const y = s.y - s.x;
    let x = s.at(row, j);
    if (isVector<T>()) {
      let front = v128.load(sums);
      let back = v128.load(sums, 16);
      let frontProducts = v128.load(products);
      let backProducts = v128.load(products, 16);
      for (; count > 0; count--, x += step) {
        const d = passed<v128>(x + dy, x + y, relu);
        const product = mul<v128>(d, deviation<v128>(x, mean));
        front = addFront(front, d);
        back = addBack(back, d);
        frontProducts = addFront(frontProducts, product);
        backProducts = addBack(backProducts, product);
      }
      v128.store(sums, front);
      v128.store(sums, back, 16);
      v128.store(products, frontProducts);
      v128.store(products, backProducts, 16);
    } else {
      for (; count > 0; count--, x += step) {
        const d = passed<f32>(x + dy, x + y, relu);
        addNumber(sums, d);
        addNumber(products, mul<f32>(d, deviation<f32>(x, mean)));
      }
    }
  }
}
