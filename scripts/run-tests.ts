import { startVitest } from "vitest/node";

/** Runs the tests of a vitest configuration and prints the one-line summary `N passed, N failed` last. */
export async function runTests(config: string, filters: readonly string[]): Promise<void> {
  const vitest = await startVitest("test", [...filters], { watch: false, config });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of vitest.state.getTestModules()) {
    if (module.errors().length > 0) counts.failed++;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state !== "pending") counts[state]++;
    }
  }
  counts.failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}
