/**
 * What stands between a matrix product and the peak: `npm run bench:limits`. The product's tile on data in the fastest cache,
 * with its loads in many orders as V8 compiles them, and in native code as gcc orders it and as V8 does; a single row times a
 * matrix as V8 compiles it with a constant shape, and in native code; what it takes to read a matrix again.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../src/random.ts";
import { environment } from "../support/environment.ts";
import { Peak } from "../support/peak.ts";
import { compileTile, type Order, OURS, randomOrder, type Strip } from "./orders.ts";
import { compileRow } from "./row.ts";

const ORDERS = 24;
const ROUNDS = 10;
/** All in turn, so that a disturbed moment is no order's own. */
const PASSES = 12;
/** A panel of a takes 4 kB, one of b 8 kB: together less than any first cache. */
const K = 256;
const CALLS = 400;
const FLOP = 2 * 4 * 8 * K;

function fastest(strip: Strip): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let call = 0; call < CALLS; call++) strip(1, 0, 1024, 8192, K);
    best = Math.min(best, performance.now() - start);
  }
  return (FLOP * CALLS) / best / 1e6;
}

/** Figures by name of what a program in C measures; undefined without gcc. */
function measureNative(name: string): Record<string, number> | undefined {
  const folder = mkdtempSync(join(tmpdir(), "limits-"));
  const program = join(folder, "limits");
  const source = new URL(name, import.meta.url).pathname;
  try {
    execFileSync("gcc", ["-O3", "-mavx", "-ffp-contract=off", source, "-o", program]);
    return JSON.parse(execFileSync(program, { encoding: "utf8" })) as Record<string, number>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const peak = await Peak.compile();
const random = new Random(1, 0);
const orders: Order[] = [OURS, ...Array.from({ length: ORDERS }, () => randomOrder(random))];
const measured: { order: Order; strip: Strip; gflops: number }[] = [];
for (const order of orders) measured.push({ order, strip: await compileTile(order), gflops: 0 });
const rows = [
  { name: "rows a constant apart", time: await compileRow(false), gflops: 0 },
  { name: "rows a constant apart, fetched ahead", time: await compileRow(true), gflops: 0 },
];
for (let pass = 0; pass < PASSES; pass++) {
  peak.probe();
  for (const way of rows) way.gflops = Math.max(way.gflops, way.time());
  for (const tile of measured) tile.gflops = Math.max(tile.gflops, fastest(tile.strip));
}
const native = measureNative("tile.c");
const oneRow = measureNative("row.c");
const again = measureNative("again.c");

const gflops = peak.flops / 1e9;
const row = (name: string, speed: number): void =>
  console.log(
    `| ${name} | ${speed.toFixed(1)} GFLOP/s | ${((100 * speed) / gflops).toFixed(0)} % |`,
  );
const { cpu, node } = environment("simd");
const sorted = [...measured].sort((a, b) => b.gflops - a.gflops);
const [best, median, worst] = [0, ORDERS >> 1, ORDERS].map((i) => sorted[i] as (typeof sorted)[0]);
console.log(`${cpu}, Node ${node}; a tile of 4 x 8 over ${K} steps, its panels in cache\n`);
console.log("| what | speed | of the peak |\n| --- | ---: | ---: |");
row("peak: chains of multiply-add, nothing read", gflops);
row(`WASM, the order in use (${OURS.join(" ")})`, measured[0]?.gflops ?? 0);
for (const [name, at] of Object.entries({ best, median, worst })) {
  row(`WASM, ${name} of ${ORDERS + 1} orders (${at?.order.join(" ")})`, at?.gflops ?? 0);
}
for (const way of rows) row(`WASM, one row x 512 x 512: ${way.name}`, way.gflops);
for (const [name, speed] of Object.entries(native ?? {})) row(`native, ${name}`, speed);
for (const [name, speed] of Object.entries(oneRow ?? {}))
  row(`native, one row x 512 x 512: ${name}`, speed);
for (const [name, microseconds] of Object.entries(again ?? {}))
  console.log(`| native, 784 x 512 numbers read again ${name} | ${microseconds.toFixed(0)} us | |`);
if (native === undefined) console.log("\nnative code: skipped, there is no gcc");
