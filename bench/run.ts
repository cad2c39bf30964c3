/**
 * Measures the engine: `npm run bench -- [--quick] [--only TEXT] [--clock cpu] [--threads N]
 * [--json | --markdown | --roofline]`. One table with the shares of this machine's WASM peak, probed in the same run; bench/README.md says how to read it.
 */
import { parseArgs } from "node:util";
import { GROUPS } from "./groups.ts";
import { type BenchRow, benchCells } from "./support/bench-row.ts";
import { engineFactory } from "./support/engines.ts";
import { environment } from "./support/environment.ts";
import { CLOCKS, type Clock } from "./support/measure.ts";
import { Peak } from "./support/peak.ts";
import { printRooflines } from "./support/roofline.ts";
import { type Measured, runCase, withPeak } from "./support/run-case.ts";
import { markdownTable, textTable } from "./support/table.ts";

const { values: flags } = parseArgs({
  options: {
    /** Tenth of the samples. */
    quick: { type: "boolean", default: false },
    /** Only rows whose name has this in it. */
    only: { type: "string", default: "" },
    clock: { type: "string", default: "wall" },
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    threads: { type: "string", default: "1" },
    /** Instead of the table: where the time of each workload goes. */
    roofline: { type: "boolean", default: false },
  },
});

const clock = flags.clock as Clock;
if (CLOCKS[clock] === undefined) {
  console.error(`bench: Cannot use clock "${clock}": expected one of ${Object.keys(CLOCKS)}`);
  process.exit(2);
}
const samples = flags.quick ? { time: 60, iterations: 4 } : { time: 600, iterations: 12 };
const budget = { clock, ...samples };
const peak = await Peak.compile();
const createBenchEngine = engineFactory(Number(flags.threads));
if (flags.roofline) {
  await printRooflines(GROUPS, flags.only, createBenchEngine, peak);
  process.exit();
}
const measured: Measured[] = [];
for (const { title, cases } of GROUPS) {
  for (const bench of cases) {
    if (!bench.name.includes(flags.only)) continue;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${bench.name}`);
    measured.push(await runCase(title, bench, createBenchEngine, peak, budget, flags.quick));
  }
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const rows: BenchRow[] = measured.map((row) => withPeak(row, peak.flops));
const where = environment("simd");
const peakRow = { gflops: peak.flops / 1e9, probes: peak.probes };
if (flags.json) {
  console.log(JSON.stringify({ environment: where, clock, peak: peakRow, rows }, null, 2));
} else {
  const cells = benchCells(rows);
  const { cpu, cores, platform, node, packages, build } = where;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  console.log(
    `${cpu}, ${cores} cores, ${platform}; Node ${node}, ${versions.join(", ")}; build ${build}; ${clock} time`,
  );
  console.log(
    `WASM peak of one core: ${peakRow.gflops.toFixed(1)} GFLOP/s (best of ${peakRow.probes} probes between the rows)\n`,
  );
  console.log(flags.markdown ? markdownTable(cells) : textTable(cells));
}
