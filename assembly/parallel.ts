/**
 * Work shared by threads: `parallelFor(fn.index, args, count)` runs `fn(args, item, thread)` for every item below
 * `count`, in any order, and returns when all are done.
 *
 * All threads are instances of one module on one memory, so a table index and a pointer mean the same everywhere; globals
 * do not: only the main instance allocates, and what an item needs is reached through `args`. An item may use what
 * belongs to `thread` alone, such as a part of the scratch, and must not call parallelFor itself.
 *
 * Items are claimed one by one, the caller claims along. So a worker that the system holds back costs little, and one
 * that sleeps costs nothing. Workers spin for a moment, since in a training step the next job is near, then sleep.
 * Builds without threads run a plain loop.
 */
import { allocPersistent } from "./memory";

/** Low half of the ticket while a job is being written down: higher than any count. */
const CLOSED: u64 = 0xffffffff;
/** Turns of a waiting loop before the thread goes to sleep: some 50 us. */
const SPINS: i32 = 20000;
const NANOSECONDS_ASLEEP: i64 = 1000000;

/** Fields, on cache lines of their own where two threads write at once. */
/** u64: number of the job, then the next item to claim. One word, so that nobody claims from a job that is over. */
const TICKET: usize = 0;
/** Upper half of the ticket (little-endian), on which workers sleep. */
const NUMBER: usize = 4;
const COUNT: usize = 16;
const JOB: usize = 20;
const ARGS: usize = 24;
const STOPPED: usize = 28;
const FAILED: usize = 32;
/** Items finished. */
const DONE: usize = 64;
/** 1 while the caller sleeps on DONE. */
const CALLER_SLEEPS: usize = 68;
const SLEEPERS: usize = 128;
const POOL_BYTES: usize = 192;

let pool: usize = 0;
let threads: i32 = 1;
let mayBlock: bool = false;

/** Threads that run the items of a job, the caller included. */
export function threadCount(): i32 {
  return ASC_FEATURE_THREADS ? threads : 1;
}

/**
 * Makes the record that workers are given; from `setThreads` on jobs are shared.
 *
 * @param blocking - the calling thread may sleep (a browser's main thread must not)
 */
export function createPool(blocking: bool): usize {
  if (pool == 0) {
    pool = allocPersistent(POOL_BYTES);
    memory.fill(pool, 0, POOL_BYTES);
  }
  mayBlock = blocking;
  return pool;
}

/** Tells how many threads there are; 1 sends the workers home. */
export function setThreads(count: i32): void {
  threads = count;
  if (ASC_FEATURE_THREADS && count == 1 && pool != 0) {
    atomic.store<i32>(pool + STOPPED, 1);
    atomic.add<i32>(pool + NUMBER, 1);
    atomic.notify(pool + NUMBER, -1);
  }
}

export function parallelFor(job: i32, args: usize, count: i32): void {
  if (ASC_FEATURE_THREADS && threads > 1 && count > 1) share(job, args, count);
  else for (let item = 0; item < count; item++) call_indirect(job, args, item, 0);
}

function share(job: i32, args: usize, count: i32): void {
  const number = (atomic.load<u64>(pool + TICKET) >> 32) + 1;
  atomic.store<u64>(pool + TICKET, (number << 32) | CLOSED);
  atomic.store<i32>(pool + COUNT, count);
  atomic.store<i32>(pool + JOB, job);
  atomic.store<usize>(pool + ARGS, args);
  atomic.store<i32>(pool + DONE, 0);
  atomic.store<u64>(pool + TICKET, (number + 1) << 32);
  if (atomic.load<i32>(pool + SLEEPERS) > 0) atomic.notify(pool + NUMBER, -1);
  claim(pool, 0);
  join(count);
}

/** Waits until every item is done. */
function join(count: i32): void {
  let spins = SPINS;
  let done = atomic.load<i32>(pool + DONE);
  while (done < count) {
    if (--spins == 0 && mayBlock) {
      atomic.store<i32>(pool + CALLER_SLEEPS, 1);
      atomic.wait<i32>(pool + DONE, done, NANOSECONDS_ASLEEP);
      atomic.store<i32>(pool + CALLER_SLEEPS, 0);
      spins = SPINS;
    }
    done = atomic.load<i32>(pool + DONE);
  }
  assert(atomic.load<i32>(pool + FAILED) == 0, "parallelFor: a worker failed");
}

/** Runs items of the job at hand until none is left. */
function claim(pool: usize, thread: i32): void {
  while (true) {
    const ticket = atomic.load<u64>(pool + TICKET);
    const item = <u32>ticket;
    if (item >= <u32>atomic.load<i32>(pool + COUNT)) return;
    const job = atomic.load<i32>(pool + JOB);
    const args = atomic.load<usize>(pool + ARGS);
    // The ticket changes before what was read here does, so this fails where that belongs to another job.
    if (atomic.cmpxchg<u64>(pool + TICKET, ticket, ticket + 1) != ticket) continue;
    call_indirect(job, args, <i32>item, thread);
    finishItem(pool);
  }
}

function finishItem(pool: usize): void {
  atomic.add<i32>(pool + DONE, 1);
  if (atomic.load<i32>(pool + CALLER_SLEEPS) != 0) atomic.notify(pool + DONE, 1);
}

/** What a worker runs until the pool is stopped; `thread` is from 1 to threads - 1. */
export function workerLoop(pool: usize, thread: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  while (atomic.load<i32>(pool + STOPPED) == 0) {
    claim(pool, thread);
    const number = atomic.load<i32>(pool + NUMBER);
    let spins = SPINS;
    while (spins > 0 && atomic.load<i32>(pool + NUMBER) == number) spins--;
    if (spins > 0 || atomic.load<i32>(pool + STOPPED) != 0) continue;
    atomic.add<i32>(pool + SLEEPERS, 1);
    atomic.wait<i32>(pool + NUMBER, number, -1);
    atomic.sub<i32>(pool + SLEEPERS, 1);
  }
}

/** Called for a worker that trapped: its item counts as done, and the caller panics. */
export function workerFailed(pool: usize): void {
  if (!ASC_FEATURE_THREADS) return;
  atomic.store<i32>(pool + FAILED, 1);
  finishItem(pool);
}

/** Operations below which handing out items costs more than it saves: some 15 us of products. */
const WORTH_SHARING: f64 = 700000;

/** True if a job of so many multiplications and additions should be shared. */
export function worthSharing(operations: f64): bool {
  return ASC_FEATURE_THREADS && threads > 1 && operations >= WORTH_SHARING;
}

/** Items per thread: enough that a thread which is held back for a while leaves its share to others. */
const ITEMS_PER_THREAD: i32 = 4;

/** Into how many items `parts` equal parts are grouped: a single one without threads. */
export function itemCount(parts: i32): i32 {
  return min(parts, ASC_FEATURE_THREADS ? threads * ITEMS_PER_THREAD : 1);
}

/** First of `parts` parts that item `item` of `items` holds; the next item's first is this one's end. */
export function itemStart(parts: i32, item: i32, items: i32): i32 {
  return ASC_FEATURE_THREADS ? <i32>((<i64>parts * item) / items) : parts * item;
}
