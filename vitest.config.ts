import { defineConfig } from "vitest/config";

/** What starts shell scripts in the place of programs, or names files, folders and rights as they are on POSIX systems. */
const posix = ["architecture.test.ts", "cli/**", "config/**", "launch/**", "program/**", "system/**", "watch/**"].map(
  (name) => `test/${name}`,
);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/agents/**", "test/servers/**", "node_modules/**", ...(process.platform === "win32" ? posix : [])],
    // For what hangs: a session of a few processes may take half a minute where other work has the machine.
    testTimeout: 60_000,
    // A case that finds nothing to look at holds nothing.
    expect: { requireAssertions: true },
    setupFiles: ["test/support/seed.ts"],
    // Most of the suite waits for programs that it starts; by default a machine with two cores would use one.
    maxWorkers: "100%",
  },
});
