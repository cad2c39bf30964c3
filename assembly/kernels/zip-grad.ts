/**
 * Gradients of an elementwise op with two operands; see zip.ts for steps, map.ts for functors and padding.
 *
 * Functors give, per side, `gradient<T>(dy, own, other, y)`, where own is the operand that the gradient is for. Those with a
 * method `dyAlone` get zeros for the rest, those with `resultUnread` for y, which then is not read: the compiler may drop
 * no load by itself.
 */
import { add, read, splat, write } from "../lanes";
import { FloatShare, newShare, runFloats, shareFloats, worthSharingLoop } from "../share";
import { briefSumOf } from "./reduce";

/**
 * d[i] = or += F.gradient(dy[i], own[i], other[i], y[i]), i < n, of whole tensors or with one number as other: lanes past
 * n are overwritten. Long loops are shared by the threads.
 */
export function zipGradAll<F>(
  d: usize,
  dy: usize,
  own: usize,
  other: usize,
  y: usize,
  n: i32,
  otherStep: i32,
  sum: bool,
): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(n)) {
    const job = (args: usize, item: i32, _thread: i32): void => {
      const s = changetype<FloatShare>(args);
      const at = s.at(item);
      const from = s.d + at * s.step;
      const count = s.count(item);
      zipGradRowBy<F, v128>(s.a + at, s.b + at, s.c + at, from, s.e + at, count, s.step, s.sum);
    };
    shareFloats(job.index, n, d, dy, own, other, y, sum, otherStep);
  } else if (ASC_FEATURE_SIMD) zipGradRowBy<F, v128>(d, dy, own, other, y, n, otherStep, sum);
  else zipGradRowBy<F, f32>(d, dy, own, other, y, n, otherStep, sum);
}

/**
 * da[i] = or += A.gradient(dy[i], a[i], b[i], y[i]), db[i] = or += B.gradient(dy[i], b[i], a[i], y[i]), i < n, of whole
 * tensors. da and db may be the same buffer; then sumB is true.
 */
export function zipGradBoth<A, B>(
  da: usize,
  db: usize,
  dy: usize,
  a: usize,
  b: usize,
  y: usize,
  n: i32,
  sumA: bool,
  sumB: bool,
): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(n)) {
    const share = newShare<BothShare>();
    share.n = n;
    share.a = da;
    share.b = db;
    share.c = dy;
    share.d = a;
    share.e = b;
    share.y = y;
    share.sum = sumA;
    share.sumB = sumB;
    const job = (args: usize, item: i32, _thread: i32): void => {
      const s = changetype<BothShare>(args);
      const at = s.at(item);
      const count = s.count(item);
      zipGradBothBy<A, B, v128>(
        s.a + at,
        s.b + at,
        s.c + at,
        s.d + at,
        s.e + at,
        s.y + at,
        count,
        s.sum,
        s.sumB,
      );
    };
    runFloats(job.index, n);
  } else if (ASC_FEATURE_SIMD) zipGradBothBy<A, B, v128>(da, db, dy, a, b, y, n, sumA, sumB);
  else zipGradBothBy<A, B, f32>(da, db, dy, a, b, y, n, sumA, sumB);
}

@unmanaged
class BothShare extends FloatShare {
  y: usize;
  sumB: bool;
}

function zipGradBothBy<A, B, T>(
  da: usize,
  db: usize,
  dy: usize,
  a: usize,
  b: usize,
  y: usize,
  n: i32,
  sumA: bool,
  sumB: bool,
): void {
  const end = (<usize>n) << 2;
  for (let at: usize = 0; at < end; at += sizeof<T>()) {
    const dyHere = read<T>(dy + at);
    const aHere = readFor<A, B, T>(a + at);
    const bHere = readFor<A, B, T>(b + at);
    const yHere = resultFor<A, B, T>(y + at);
    const ga = changetype<A>(0).gradient<T>(dyHere, aHere, bHere, yHere);
    write<T>(da + at, sumA ? add<T>(read<T>(da + at), ga) : ga);
    const gb = changetype<B>(0).gradient<T>(dyHere, bHere, aHere, yHere);
    write<T>(db + at, sumB ? add<T>(read<T>(db + at), gb) : gb);
  }
}

/**
 * d[i] = or += F.gradient(dy[i], own[i], other[i], y[i]), i < n; where ownStep is 0, d[0] = or += the row's sum (in
 * the order of reduce.ts). Nothing past the row is written.
 */
export function zipGradRow<F>(
  d: usize,
  dy: usize,
  own: usize,
  other: usize,
  y: usize,
  n: i32,
  ownStep: i32,
  otherStep: i32,
  sum: bool,
): void {
  if (ownStep == 0) {
    const total = briefSumOf<RowTerm<F>>(dy, other, y, load<f32>(own), n);
    store<f32>(d, sum ? load<f32>(d) + total : total);
    return;
  }
  let done = 0;
  if (ASC_FEATURE_SIMD) {
    done = n & ~3;
    zipGradRowBy<F, v128>(d, dy, own, other, y, done, otherStep, sum);
    if (done == n) return;
  }
  const at = (<usize>done) << 2;
  const otherAt = otherStep == 0 ? other : other + at;
  zipGradRowBy<F, f32>(d + at, dy + at, own + at, otherAt, y + at, n - done, otherStep, sum);
}

@unmanaged
class RowTerm<F> {
  @inline
  term<T>(dy: usize, other: usize, y: usize, own: T): T {
    return changetype<F>(0).gradient<T>(read<T>(dy), own, read<T>(other), read<T>(y));
  }
}

/** An operand or result at `at`, where the gradients of A or B depend on it. */
function readFor<A, B, T>(at: usize): T {
  if (isDefined(changetype<A>(0).dyAlone) && isDefined(changetype<B>(0).dyAlone))
    return splat<T>(0);
  else return read<T>(at);
}

/** The result at `at`, where the gradients of A or B depend on it. */
function resultFor<A, B, T>(at: usize): T {
  if (isDefined(changetype<A>(0).resultUnread) && isDefined(changetype<B>(0).resultUnread))
    return splat<T>(0);
  else return readFor<A, B, T>(at);
}

function zipGradRowBy<F, T>(
  d: usize,
  dy: usize,
  own: usize,
  other: usize,
  y: usize,
  n: i32,
  otherStep: i32,
  sum: bool,
): void {
  const f = changetype<F>(0);
  const end = d + ((<usize>n) << 2);
  const step = sizeof<T>();
  if (otherStep == 0) {
    const one = splat<T>(load<f32>(other));
    for (; d < end; d += step, dy += step, own += step, y += step) {
      const g = f.gradient<T>(read<T>(dy), readFor<F, F, T>(own), one, resultFor<F, F, T>(y));
      write<T>(d, sum ? add<T>(read<T>(d), g) : g);
    }
  } else {
    for (; d < end; d += step, dy += step, own += step, other += step, y += step) {
      const o = readFor<F, F, T>(own);
      const g = f.gradient<T>(read<T>(dy), o, readFor<F, F, T>(other), resultFor<F, F, T>(y));
      write<T>(d, sum ? add<T>(read<T>(d), g) : g);
    }
  }
}
