import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { clients } from "../../src/clients/index.ts";
import { compareVersions } from "../../src/clients/version.ts";
import { installFolder, type Program, programOf } from "../../src/launch/find.ts";
import { installClient } from "../../src/launch/install.ts";
import { thisMachine } from "../../src/launch/machine.ts";

const sdkPackages = [
  "@anthropic-ai/sdk@1",
  "openai@7",
  "ai@7",
  "@ai-sdk/openai@4",
  "@ai-sdk/openai-compatible@3",
  "@ai-sdk/anthropic@4",
  "zod@4",
];
/** What the clients that Node starts ask for at most. */
const newerNode = "22";

export interface Installed {
  /** Paths; absent where the machine cannot have it. */
  readonly claude?: string;
  readonly codex?: string;
  /** Every client that is there, as fcc's own installer left it. */
  readonly clients: Readonly<Record<string, Program>>;
  /** A folder as fcc's own for data, with the clients in it. */
  readonly data: string;
  /** Where a `node` is that every client runs on. */
  readonly node: string;
  /** A folder whose node_modules holds the public SDKs. */
  readonly sdks?: string;
}

declare module "vitest" {
  interface ProvidedContext {
    installed: Installed;
  }
}

const tell = (line: string) => void process.stderr.write(`${line}\n`);

/** Installs packages with npm where one of their files is missing. */
function fetched(folder: string, packages: readonly string[], files: readonly string[]): boolean {
  const isThere = () => files.every((file) => existsSync(join(folder, "node_modules", file)));
  if (isThere()) return true;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const result = spawnSync("npm", ["install", "--no-save", "--ignore-scripts", ...packages], { cwd: folder, encoding: "utf8" });
  if (result.status !== 0) tell(`${packages.join(", ")} could not be installed: ${result.stderr.trim().split("\n").at(-1)}`);
  return isThere();
}

/** The folder of a Node that is new enough for every client. */
function nodeFolder(cache: string): string {
  if (compareVersions(process.versions.node, newerNode) >= 0) return dirname(process.execPath);
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cache, "nodes", newerNode);
  const there = fetched(folder, [`${name}@${newerNode}`], [`${name}/bin/node`]);
  return there ? join(folder, "node_modules", name, "bin") : dirname(process.execPath);
}

/** Builds fcc and installs the real agents and SDKs into the cache folder, outside the project's own dependencies. */
export default async function setup(project: TestProject): Promise<void> {
  const root = resolve(import.meta.dirname, "../..");
  const cache = process.env["FCC_TEST_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fcc-test");
  const data = join(cache, "data");
  const machine = thisMachine();
  const node = nodeFolder(cache);
  const env = { ...process.env, PATH: `${node}:${process.env["PATH"]}` };
  const programs: Record<string, Program> = {};
  for (const client of clients) {
    // Not what this machine has on PATH: the version whose behaviour these tests state.
    const there = programOf(client, machine, installFolder(client, data), env);
    if (there !== undefined) programs[client.id] = there;
    else {
      const installed = await installClient(client, { env, machine, data, say: tell });
      if ("program" in installed) programs[client.id] = installed.program;
      else tell(`${client.name} could not be installed: ${installed.error}`);
    }
  }
  const sdks = join(cache, "sdks");
  const sdkFiles = ["@anthropic-ai/sdk", "openai", "@ai-sdk/anthropic", "@ai-sdk/openai-compatible"].map((name) => `${name}/package.json`);
  const hasSdks = fetched(sdks, sdkPackages, sdkFiles);
  if (process.env["FCC_TEST_PROGRAM"] === undefined) {
    const built = spawnSync("npm", ["run", "build"], { cwd: root, encoding: "utf8" });
    if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}\n${built.stderr}`);
  }
  const { claude, codex } = programs;
  project.provide("installed", {
    ...(claude ? { claude: claude.path } : {}),
    ...(codex ? { codex: codex.path } : {}),
    clients: programs,
    data,
    node,
    ...(hasSdks ? { sdks } : {}),
  });
}
