import type { Engine } from "../../src/index.ts";
import { type BenchGroup, SkippedRow } from "./bench-case.ts";
import type { Peak } from "./peak.ts";

const WARM_UP = 5;
const RUNS = 40;

/** Where the time of each workload goes in its fastest run, op by op, and how far its products are from the peak. */
export async function printRooflines(
  groups: readonly BenchGroup[],
  only: string,
  createEngine: () => Promise<Engine>,
  peak: Peak,
): Promise<void> {
  for (const bench of groups.flatMap(({ cases }) => cases)) {
    if (!bench.name.includes(only) || bench.work?.unit !== "FLOP") continue;
    const engine = await createEngine();
    try {
      const ready = await bench.prepare(engine, { quick: true });
      if (!("run" in ready)) continue;
      for (let i = 0; i < WARM_UP; i++) ready.run();
      peak.probe();
      let profile = await engine.profile(() => ready.run(), { peak: peak.flops });
      for (let i = 1; i < RUNS; i++) {
        const again = await engine.profile(() => ready.run(), { peak: peak.flops });
        if (again.ms < profile.ms) profile = again;
      }
      const calls = ready.calls ?? 1;
      const ofPeak = (bench.work.amount * calls) / (profile.ms / 1000) / peak.flops;
      const percent = (100 * ofPeak).toFixed(0);
      const each = (profile.ms / calls).toFixed(3);
      console.log(`${bench.name}: ${each} ms, ${percent} % of the peak of one core`);
      console.log(`${profile.table()}\n`);
    } catch (error) {
      if (!(error instanceof SkippedRow)) throw error;
      console.log(`${bench.name}: skipped: ${error.message}\n`);
    } finally {
      await engine.dispose();
    }
  }
}
