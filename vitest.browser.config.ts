import { defineConfig } from "vitest/config";

/** Tests that drive a real browser from Node: one file at a time, as two browsers fight for the processors. */
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    pool: "threads",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
