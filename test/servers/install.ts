import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    llama: { readonly program: string; readonly model: string } | undefined;
  }
}

/** Builds the real model servers or finds them in the cache; says plainly which cannot be had on this machine. */
export default function setup(project: TestProject): void {
  const script = join(import.meta.dirname, "install-llama-server.sh");
  const result = spawnSync("bash", [script], { encoding: "utf8", timeout: 25 * 60_000 });
  const [program, model] = result.stdout.trim().split("\n");
  if (result.status === 0 && program && model) {
    project.provide("llama", { program, model });
  } else {
    process.stderr.write(`skipped: llama-server: ${result.stderr.trim().split("\n").at(-1) ?? "it could not be built"}\n`);
    project.provide("llama", undefined);
  }
}
