import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { ClientModel } from "../../src/clients/client.ts";
import { codex } from "../../src/clients/codex.ts";
import type { Ended, Machine } from "./run.ts";

/** `codex exec` as a script runs it: events on standard output, work inside a sandbox, no repository. */
export const exec = ["exec", "--json", "--skip-git-repo-check", "-s", "workspace-write"] as const;

/** Codex by itself on a server of its own wire, with the configuration that a launch would give it. */
export function runNatively(machine: Machine, url: string, args: readonly string[]): Promise<Ended> {
  const folder = join(machine.home, "..", "alone");
  mkdirSync(folder, { recursive: true });
  const model: ClientModel = { wireId: "opus:scripted", label: "lab/scripted", context: 200_000 };
  const prepared = codex.prepare({
    proxy: { url, token: "dummy" },
    models: { main: model, tiers: { opus: model, sonnet: model, haiku: model, fable: model } },
    args,
    extra: { args: [], env: {} },
    env: {},
    folder,
    read: () => undefined,
    bounded: false,
  });
  for (const { name, content } of prepared.files) writeFileSync(join(folder, name), content);
  const env = Object.entries(prepared.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return machine.run(inject("installed").codex ?? "", prepared.args, Object.fromEntries(env));
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads into whatever the client prints.
export type Json = any;

/** The events of `--json`. */
export function eventsOf(stdout: string): Json[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The output without what differs from run to run: ids, folders, times. */
export function comparable(stdout: string): string {
  return stdout
    .replace(/^\d{4}-\d\d-\d\dT\S+/gm, "TIME")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,23}/g, "ID")
    .replace(/\/tmp\/fcc-agents-[^/"\\]*/g, "BASE")
    .replace(/(127\.0\.0\.1:)\d+/g, "$1PORT");
}
