/** What the JavaScript peers share: timing, seeded numbers, and the JSON that `run.ts` reads. */
const quick = process.argv[2] === "1";
const [BUDGET_MS, LEAST] = quick ? [100, 3] : [800, 8];
/** A single call longer than this is not repeated more than twice. */
const SLOW_MS = 4000;

const rows = {};

/** Times `run`, which may give a promise; an error becomes the row's result. */
export async function measure(name, run, calls = 1) {
  try {
    const seconds = [];
    let warm = performance.now();
    await run();
    warm = performance.now() - warm;
    if (warm < SLOW_MS) await run();
    const end = performance.now() + BUDGET_MS;
    const least = warm < SLOW_MS ? LEAST : 2;
    while (seconds.length < least || performance.now() < end) {
      const start = performance.now();
      await run();
      seconds.push((performance.now() - start) / 1000 / calls);
    }
    seconds.sort((a, b) => a - b);
    rows[name] = { min: seconds[0], median: seconds[seconds.length >> 1] };
  } catch (error) {
    rows[name] = {
      fails: String(error?.message ?? error)
        .split("\n")[0]
        .slice(0, 120),
    };
  }
}

export function finish(version) {
  console.log(`\n${JSON.stringify({ version, rows })}`);
  process.exit(0);
}

let state = 1;

/** Seeded values in [-1, 1) times `scale`. */
export function noise(length, scale = 1) {
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 0x80000000 - 1) * scale;
  });
}

export function labels(length, below) {
  return Int32Array.from({ length }, (_, i) => (i * 7 + 3) % below);
}
