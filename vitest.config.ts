import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/browser/**", "tests/owners/**", "**/node_modules/**"],
    pool: "threads",
    testTimeout: 60_000,
  },
});
