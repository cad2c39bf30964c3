import { Bench } from "tinybench";

/** Seconds per call. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  /** Distance of the quartiles relative to the median. */
  readonly spread: number;
  readonly samples: number;
}

/** Wall time, or the process's own CPU time, which a busy machine's other programs do not lengthen. */
export const CLOCKS = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
} as const;
export type Clock = keyof typeof CLOCKS;

export interface Budget {
  readonly clock: Clock;
  /** Milliseconds of sampling per row. */
  readonly time: number;
  /** At least so many samples. */
  readonly iterations: number;
}

/** Pieces that a row's samples are taken in, with the peak probed between: a neighbour's burst then hits one piece only. */
const SLICES = 4;

/** A sample lasts at least so many milliseconds: clocks tick in microseconds and reading one takes time. */
const LEAST_SAMPLE = 0.2;

/** How often to call `run` for one sample. */
function repeatsOf(run: () => void): number {
  let repeats = 1;
  for (;;) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) run();
    if (performance.now() - start >= LEAST_SAMPLE) return repeats;
    repeats *= 2;
  }
}

/** Times `run`, which does its work `calls` times. */
export function measure(
  run: () => void,
  calls: number,
  { clock, time, iterations }: Budget,
  between: () => void,
): Timing {
  const repeats = repeatsOf(run);
  const sample = () => {
    for (let i = 0; i < repeats; i++) run();
  };
  const seconds: number[] = [];
  for (let slice = 0; slice < SLICES; slice++) {
    between();
    const bench = new Bench({
      now: CLOCKS[clock],
      time: time / SLICES,
      iterations: Math.ceil(iterations / SLICES),
      warmup: slice === 0,
      warmupTime: time / SLICES,
      warmupIterations: 2,
      retainSamples: true,
    });
    bench.add("row", sample);
    bench.runSync();
    const result = bench.tasks[0]?.result;
    if (result?.state !== "completed") {
      throw result?.state === "errored" ? result.error : new Error("measure: no result");
    }
    for (const ms of result.latency.samples ?? []) seconds.push(ms / 1000 / repeats / calls);
  }
  return summarise(seconds);
}

export function summarise(seconds: readonly number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const median = at(0.5);
  return { median, min: at(0), spread: (at(0.75) - at(0.25)) / median, samples: sorted.length };
}
