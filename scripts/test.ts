/** Runs the test suite. */
import { runTests } from "./run-tests.ts";

await runTests("vitest.config.ts", process.argv.slice(2));
