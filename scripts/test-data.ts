/**
 * Runs the tests of tests/owners: from owners' downloads to trained models. `npm run test:data -- --full` also takes all
 * recipes at full size, all of digits and stamps, and prints the sections of docs/results/data.md.
 */
import { runTests } from "./run-tests.ts";

const given = process.argv.slice(2);
if (given.includes("--full")) process.env.ALTERMODAL_FULL = "1";
const filters = given.filter((argument) => argument !== "--full");
await runTests("vitest.data.config.ts", filters);
