import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    llama: { readonly program: string; readonly model: string } | undefined;
    ollama: string | undefined;
  }
}

/** The lines that an installing script printed, or undefined with the reason said. */
function install(name: string, script: string): string[] | undefined {
  const result = spawnSync("bash", [join(import.meta.dirname, script)], { encoding: "utf8", timeout: 25 * 60_000 });
  if (result.status === 0) return result.stdout.trim().split("\n");
  process.stderr.write(`skipped: ${name}: ${result.stderr.trim().split("\n").at(-1) || "it could not be built in time"}\n`);
  return undefined;
}

/** Builds the real model servers or finds them in the cache; says plainly which cannot be had on this machine. */
export default function setup(project: TestProject): void {
  const [program, model] = install("llama-server", "install-llama-server.sh") ?? [];
  project.provide("llama", program && model ? { program, model } : undefined);
  const [ollama] = install("Ollama", "install-ollama.sh") ?? [];
  project.provide("ollama", ollama);
}
