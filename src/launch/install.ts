import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Client, Environment, Machine } from "../clients/client.ts";
import { installedBinary, installFolder } from "./find.ts";

export interface Installation {
  readonly env: Environment;
  readonly machine: Machine;
  readonly data: string;
  /** One line of progress, without a line end. */
  readonly say: (line: string) => void;
}

const reminderAfter = 10_000;

/**
 * Installs the pinned version of a client with npm into fcc's data folder. npm does not run install scripts of dependencies unless
 * it is told to, so the native package is what counts; it must answer `--version` before it takes its place.
 */
export async function installClient(
  client: Client,
  { env, machine, data, say }: Installation,
): Promise<{ path: string } | { error: string }> {
  const binary = client.install.binary(machine);
  const path = installedBinary(client, machine, data);
  const wanted = `${client.install.package}@${client.install.version}`;
  if (binary === undefined || path === undefined) return { error: `${client.name} has no build for ${machine.platform} ${machine.arch}` };
  const folder = installFolder(client, data);
  const draft = `${folder}.${process.pid}`;
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  say(`installing ${client.name} ${client.install.version} with npm into ${folder}`);
  const reminder = setInterval(() => say(`still installing ${client.name} (${seconds()} s)`), reminderAfter);
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    writeFileSync(join(draft, "package.json"), `${JSON.stringify({ private: true })}\n`);
    const npm = await execa("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", wanted], {
      cwd: draft,
      env,
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
    });
    if (npm.failed) return { error: reasonOf(npm.code, npm.all) };
    const drafted = join(draft, "node_modules", binary);
    const version = await execa(drafted, ["--version"], { env, extendEnv: false, stdin: "ignore", reject: false, timeout: 30_000 });
    if (version.failed)
      return { error: `${wanted} was installed, but ${drafted} does not run: ${firstLine(version.stderr) ?? version.shortMessage ?? ""}` };
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(draft, folder);
    say(`installed ${client.name} ${client.install.version} in ${seconds()} s`);
    return { path };
  } finally {
    clearInterval(reminder);
    rmSync(draft, { recursive: true, force: true });
  }
}

function reasonOf(code: string | undefined, output: string | undefined): string {
  if (code === "ENOENT") return "npm is not on PATH";
  return `npm failed: ${firstLine(output) ?? "it said nothing"}`;
}

function firstLine(text: string | undefined): string | undefined {
  return text
    ?.split("\n")
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, "").trim())
    .find((line) => line !== "" && !/^code /.test(line));
}
