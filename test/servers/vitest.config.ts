import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/servers/**/*.test.ts"],
    globalSetup: ["test/agents/install.ts", "test/servers/install.ts"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // A real engine beside another falls to a hundredth of its speed.
    fileParallelism: false,
  },
});
