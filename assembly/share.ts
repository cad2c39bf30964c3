/**
 * Loops over memory, shared by threads: floats, rows or columns go to items; no sum is ever split.
 *
 * A loop's operands stand in a record that all threads read: one static buffer, as only one job is at work at a time.
 * Builds without threads run the loop at once, and no table, item or record of floats is compiled.
 */
import { itemCount, itemStart, parallelFor, threadCount } from "./parallel";

/** Floats below which handing out items costs more than it saves: some 15 us of a plain loop. */
const WORTH_SHARING: i32 = 1 << 15;

/** Floats of one cache line, so that no two threads write to the same. */
export const LINE_FLOATS: i32 = 16;

const RECORD_BYTES: i32 = 128;
const RECORD: usize = memory.data(RECORD_BYTES, 16);

/** True if a loop over so many floats should be shared. */
export function worthSharingLoop(floats: i32): bool {
  return ASC_FEATURE_THREADS && floats >= WORTH_SHARING && threadCount() > 1;
}

/** Base of the records: `parts` equal parts in `items` items. Loops add their operands by extending it. */
@unmanaged
export class Share {
  parts: i32;
  items: i32;

  /** First part of an item; the next item's first is this one's end. */
  start(item: i32): i32 {
    return itemStart(this.parts, item, this.items);
  }
}

/** The record, to be filled; what an earlier loop left in it is garbage. */
export function newShare<S>(): S {
  assert(offsetof<S>() <= <usize>RECORD_BYTES);
  return changetype<S>(RECORD);
}

/** Parts of n floats that no two threads write to the same cache line for. */
export function lines(n: i32): i32 {
  return (n + LINE_FLOATS - 1) / LINE_FLOATS;
}

/**
 * F.run(share, first, end, thread) for all parts of a loop over so many floats.
 *
 * @param grain - parts that should stay in one item, unless a thread then had none
 */
export function runShared<F, S>(share: S, parts: i32, floats: i32, grain: i32 = 1): void {
  if (ASC_FEATURE_THREADS && worthSharingLoop(floats)) {
    const job = (args: usize, item: i32, thread: i32): void => {
      const base = changetype<Share>(args);
      changetype<F>(0).run(changetype<S>(args), base.start(item), base.start(item + 1), thread);
    };
    runItems(job.index, parts, grain);
  } else {
    changetype<F>(0).run(share, 0, parts, 0);
  }
}

function runItems(job: i32, parts: i32, grain: i32): void {
  const share = changetype<Share>(RECORD);
  share.parts = parts;
  share.items = min(itemCount(parts), max(parts / grain, min(parts, threadCount())));
  parallelFor(job, RECORD, share.items);
}

/** Operands of a loop over n floats, cut between cache lines; a loop need not use all. */
@unmanaged
export class FloatShare extends Share {
  n: i32;
  a: usize;
  b: usize;
  c: usize;
  d: usize;
  e: usize;
  sum: bool;
  /** 0 where one number is an operand, 1 else. */
  step: i32;

  /** Bytes from the start of each operand to the item's first float. */
  at(item: i32): usize {
    return (<usize>this.start(item) * LINE_FLOATS) << 2;
  }

  /** Floats of the item. */
  count(item: i32): i32 {
    return min(this.start(item + 1) * LINE_FLOATS, this.n) - this.start(item) * LINE_FLOATS;
  }
}

/** Runs `job(record, item, thread)` for all items of a loop over n floats. */
export function shareFloats(
  job: i32,
  n: i32,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  e: usize,
  sum: bool,
  step: i32 = 1,
): void {
  const share = newShare<FloatShare>();
  share.n = n;
  share.a = a;
  share.b = b;
  share.c = c;
  share.d = d;
  share.e = e;
  share.sum = sum;
  share.step = step;
  runFloats(job, n);
}

/** The same with the record filled already. */
export function runFloats(job: i32, n: i32): void {
  runItems(job, lines(n), 1);
}
