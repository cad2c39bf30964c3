import { defineConfig } from "vitest/config";

/** Owners' downloads in miniature, by the built command line: `npm run test:data`. */
export default defineConfig({
  test: {
    include: ["tests/owners/**/*.test.ts"],
    pool: "threads",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["verbose"],
  },
});
