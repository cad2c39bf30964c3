/** Runs the tests of tests/browser in a headless Chromium: `npm run test:browser -- [FILTER]`. */
import { runTests } from "./run-tests.ts";

await runTests("vitest.browser.config.ts", process.argv.slice(2));
