import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/agents/**/*.test.ts"],
    globalSetup: ["test/agents/install.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // An agent is a process of some hundred megabytes that wants a core for itself.
    maxWorkers: 2,
    retry: 0,
  },
});
