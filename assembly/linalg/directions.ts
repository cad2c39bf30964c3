/** What a matrix of samples looks like in a few vectors: its mean row, its main directions. */
import { allocArena, Mark, pushMark, rewind } from "../memory";
import { axpy64, demote, dot32, promote, wide } from "./dot";

const SWEEPS = 30;

/** out[j] = mean over rows of x[., j], summed in f64; x f32 [rows, columns], out f32 [columns]. */
export function columnMeans(out: usize, x: usize, rows: i32, columns: i32): void {
  const line = (<usize>columns) << 2;
  const count = <f64>rows;
  const end = out + line;
  if (ASC_FEATURE_SIMD) {
    const counts = f64x2.splat(count);
    for (const last = out + (line & ~31); out < last; out += 32, x += 32) {
      let sum0 = f64x2.splat(0);
      let sum1 = f64x2.splat(0);
      let sum2 = f64x2.splat(0);
      let sum3 = f64x2.splat(0);
      for (let i = 0, row = x; i < rows; i++, row += line) {
        sum0 = f64x2.add(sum0, wide(row));
        sum1 = f64x2.add(sum1, wide(row + 8));
        sum2 = f64x2.add(sum2, wide(row + 16));
        sum3 = f64x2.add(sum3, wide(row + 24));
      }
      storeNarrow(out, f64x2.div(sum0, counts));
      storeNarrow(out + 8, f64x2.div(sum1, counts));
      storeNarrow(out + 16, f64x2.div(sum2, counts));
      storeNarrow(out + 24, f64x2.div(sum3, counts));
    }
  }
  for (; out < end; out += 4, x += 4) {
    let sum: f64 = 0;
    for (let i = 0, row = x; i < rows; i++, row += line) sum += <f64>load<f32>(row);
    store<f32>(out, <f32>(sum / count));
  }
}

function storeNarrow(out: usize, pair: v128): void {
  v128.store64_lane(out, f32x4.demote_f64x2_zero(pair), 0);
}

/**
 * out[j] = sigma_j v_j / sqrt(rows), j < k: the k largest singular values of x with their right singular vectors,
 * scaled so that the sum of out[j] out[j]' over all j is x' x / rows. Zero where x has fewer.
 *
 * Eigenvectors of the smaller of x x' and x' x, by cyclic Jacobi rotations in f64.
 *
 * @param out f32 [k, columns]
 * @param x f32 [rows, columns]
 */
export function topDirections(out: usize, x: usize, rows: i32, columns: i32, k: i32): void {
  const mark = pushMark<Mark>();
  const n = min(rows, columns);
  const stride = (<usize>n) << 3;
  const line = (<usize>columns) << 2;
  const gram = allocArena(<usize>n * stride);
  const vectors = allocArena(<usize>n * stride);
  const sample = allocArena(line << 1);
  const sum = allocArena(line << 1);
  const short = rows <= columns;
  if (short) {
    for (let i: usize = 0; i < <usize>n; i++) {
      for (let j: usize = 0; j < <usize>n; j++) {
        store<f64>(gram + i * stride + (j << 3), dot32(x + i * line, x + j * line, columns));
      }
    }
  } else {
    memory.fill(gram, 0, <usize>n * stride);
    for (let b: usize = 0; b < <usize>rows; b++) {
      promote(sample, x + b * line, columns);
      for (let i: usize = 0; i < <usize>n; i++) {
        axpy64(gram + i * stride, sample, n, load<f64>(sample + (i << 3)));
      }
    }
  }
  jacobi(gram, vectors, n);
  memory.fill(out, 0, <usize>k * line);
  const root = sqrt(<f64>rows);
  for (let j = 0; j < min(k, n); j++) {
    const i = <usize>largestDiagonal(gram, n);
    const value = gram + i * stride + (i << 3);
    const sigma = sqrt(max<f64>(0, load<f64>(value)));
    store<f64>(value, -Infinity);
    memory.fill(sum, 0, line << 1);
    const vector = vectors + i * stride;
    if (short) {
      for (let b: usize = 0; b < <usize>rows; b++) {
        promote(sample, x + b * line, columns);
        axpy64(sum, sample, columns, load<f64>(vector + (b << 3)) / root);
      }
    } else axpy64(sum, vector, columns, sigma / root);
    demote(out + <usize>j * line, sum, columns);
  }
  rewind(mark);
}

function largestDiagonal(a: usize, n: i32): i32 {
  let best = 0;
  for (let i = 1; i < n; i++) {
    if (
      load<f64>(a + ((<usize>(i * (n + 1))) << 3)) > load<f64>(a + ((<usize>(best * (n + 1))) << 3))
    ) {
      best = i;
    }
  }
  return best;
}

/** Makes the symmetric a [n, n] diagonal by rotations; row i of `vectors` becomes the eigenvector of a[i, i]. */
function jacobi(a: usize, vectors: usize, n: i32): void {
  const stride = (<usize>n) << 3;
  memory.fill(vectors, 0, <usize>n * stride);
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(vectors + i * stride + (i << 3), 1);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p: usize = 0; p < <usize>n; p++) {
      for (let q = p + 1; q < <usize>n; q++) {
        const across = load<f64>(a + p * stride + (q << 3));
        const first = load<f64>(a + p * stride + (p << 3));
        const second = load<f64>(a + q * stride + (q << 3));
        // Below this the rotation would not change a diagonal in f64.
        if (abs(across) <= 1e-16 * sqrt(abs(first * second)) || across == 0) continue;
        turned = true;
        const theta = (second - first) / (2 * across);
        const tangent = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + sqrt(theta * theta + 1));
        const cosine = 1 / sqrt(tangent * tangent + 1);
        const sine = tangent * cosine;
        rotate(a + p * stride, a + q * stride, 8, n, cosine, sine);
        rotate(a + (p << 3), a + (q << 3), stride, n, cosine, sine);
        rotate(vectors + p * stride, vectors + q * stride, 8, n, cosine, sine);
      }
    }
    if (!turned) return;
  }
}

/** [x, y] <- [cosine x - sine y, sine x + cosine y] over n elements that lie `step` bytes apart. */
function rotate(x: usize, y: usize, step: usize, n: i32, cosine: f64, sine: f64): void {
  for (let i = 0; i < n; i++, x += step, y += step) {
    const u = load<f64>(x);
    const v = load<f64>(y);
    store<f64>(x, cosine * u - sine * v);
    store<f64>(y, sine * u + cosine * v);
  }
}
