import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { codex as codexRecord } from "../../src/clients/codex.ts";

/** Versions whose behaviour these tests state. */
const packages = [
  "@anthropic-ai/claude-code@2.1.330",
  "@openai/codex@0.169.0",
  "@anthropic-ai/sdk@0",
  "openai@6",
  "ai@5",
  "@ai-sdk/openai@2",
  "@ai-sdk/anthropic@2",
  "zod@4",
];

export interface Installed {
  /** Paths; absent where the machine cannot have it. */
  readonly claude?: string;
  readonly codex?: string;
  /** A folder whose node_modules holds the public SDKs. */
  readonly sdks?: string;
}

declare module "vitest" {
  interface ProvidedContext {
    installed: Installed;
  }
}

/** Builds fcc and installs the real agents and SDKs into the cache folder, outside the project's own dependencies. */
export default function setup(project: TestProject): void {
  const root = resolve(import.meta.dirname, "../..");
  const cache = process.env["FCC_TEST_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fcc-test");
  const folder = join(cache, "agents");
  const platform = `${process.platform}-${process.arch}`;
  const claude = join(folder, `node_modules/@anthropic-ai/claude-code-${platform}/claude`);
  const codex = join(
    folder,
    "node_modules",
    codexRecord.install.binary({ platform: process.platform, arch: process.arch, musl: false }) ?? "none",
  );
  const sdk = join(folder, "node_modules/@anthropic-ai/sdk/package.json");
  const openai = join(folder, "node_modules/openai/package.json");
  const ai = join(folder, "node_modules/@ai-sdk/anthropic/package.json");
  if (![claude, codex, sdk, openai, ai].every((path) => existsSync(path))) {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    const result = spawnSync("npm", ["install", "--no-save", "--ignore-scripts", ...packages], { cwd: folder, encoding: "utf8" });
    if (result.status !== 0) process.stderr.write(`the agents could not be installed: ${result.stderr.trim().split("\n").at(-1)}\n`);
  }
  if (process.env["FCC_TEST_PROGRAM"] === undefined) {
    const built = spawnSync("npm", ["run", "build"], { cwd: root, encoding: "utf8" });
    if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}\n${built.stderr}`);
  }
  project.provide("installed", {
    ...(existsSync(claude) ? { claude } : {}),
    ...(existsSync(codex) ? { codex } : {}),
    ...([sdk, openai, ai].every((path) => existsSync(path)) ? { sdks: folder } : {}),
  });
}
