import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Client, Machine } from "../clients/client.ts";
import { compareVersions } from "../clients/version.ts";
import type { Environment } from "../model/environment.ts";
import { makeFolder } from "../system/make-folder.ts";
import { rename } from "../system/rename.ts";
import { installations, installFolder, type Program, programOf } from "./find.ts";
import { nameOfOwn } from "./folder.ts";
import { fetchPackage, firstLine } from "./package.ts";

interface Installation {
  readonly env: Environment;
  readonly machine: Machine;
  readonly data: string;
  /** One line of progress, without a line end. */
  readonly say: (line: string) => void;
}

const reminderAfter = 10_000;

/** Installs the pinned version of a client into fcc's data folder. It must answer `--version` before it takes its place. */
export async function installClient(
  client: Client,
  { env, machine, data, say }: Installation,
): Promise<{ readonly program: Program } | { readonly error: string }> {
  const { install, name } = client;
  const { version } = install;
  if ("binary" in install && install.binary(machine) === undefined)
    return { error: `${name} has no build for ${machine.platform} ${machine.arch}` };
  const wanted = `${install.package} ${version}`;
  const folder = installFolder(client, data);
  const draft = join(installations(data), nameOfOwn());
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  say(`installing ${name} ${version} with ${install.from} into ${folder}`);
  const reminder = setInterval(() => say(`still installing ${name} (${seconds()} s)`), reminderAfter);
  try {
    makeFolder(draft);
    const error = await fetchPackage(install, { folder: draft, env, machine });
    if (error !== undefined) return { error };
    const drafted = programOf(client, machine, draft, env);
    if (drafted === undefined) return { error: `${wanted} was installed, but does not run: there is no program in it` };
    const { path, before } = drafted;
    const answer = await execa(path, [...before, "--version"], { env, extendEnv: false, stdin: "ignore", reject: false, timeout: 60_000 });
    if (answer.failed) {
      const reason = firstLine(answer.stderr) ?? answer.shortMessage ?? "";
      return { error: `${wanted} was installed, but ${[path, ...before].join(" ")} does not run: ${reason}` };
    }
    rmSync(folder, { recursive: true, force: true });
    await rename(draft, folder);
    removeOlder(client, data);
    say(`installed ${name} ${version} in ${seconds()} s`);
    const program = programOf(client, machine, folder, env);
    return program === undefined ? { error: `${folder} is not what was installed` } : { program };
  } finally {
    clearInterval(reminder);
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Each update would leave some hundred megabytes. Beside the version that is installed the newest stays: a session may be running on it. */
function removeOlder({ id, install: { version } }: Client, data: string): void {
  const folder = installations(data);
  const others = readdirSync(folder)
    .filter((name) => name.startsWith(`${id}-`))
    .map((name) => name.slice(id.length + 1))
    .filter((other) => /^\d+\.\d+\.\d+/.test(other) && other !== version);
  for (const older of others.toSorted(compareVersions).slice(0, -1)) {
    try {
      rmSync(join(folder, `${id}-${older}`), { recursive: true, force: true });
    } catch {
      // Windows removes no program that runs: the next installation does.
    }
  }
}
