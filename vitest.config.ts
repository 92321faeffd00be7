import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/agents/**", "test/servers/**", "node_modules/**"],
    testTimeout: 20_000,
    setupFiles: ["test/support/seed.ts"],
    // Most of the suite waits for programs that it starts; by default a machine with two cores would use one.
    maxWorkers: "100%",
  },
});
