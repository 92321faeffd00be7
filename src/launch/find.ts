import { realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import type { Client, Machine } from "../clients/client.ts";
import type { Environment } from "../model/environment.ts";
import { isFile, isProgram, pathIn } from "../system/on-path.ts";
import { nodeFor } from "./interpreters.ts";

/** What starts a client. */
export interface Program {
  /** Absolute path of the program, or of the interpreter that runs it. */
  readonly path: string;
  /** What the interpreter is told, before the client's own arguments. */
  readonly before: readonly string[];
}

interface Places {
  readonly env: Environment;
  readonly home: string;
  readonly machine: Machine;
  /** fcc's own data folder, where `install` puts clients. */
  readonly data: string;
}

/** PATH first, since that is what the user would start; then the folders of the client's own installers; then what fcc installed. */
export function findClient(client: Client, { env, home, machine, data }: Places): Program | undefined {
  for (const folder of [...pathIn(env, machine), ...installFolders(client, { env, home, machine })]) {
    const path = programIn(folder, client, machine);
    if (path !== undefined) return { path, before: [] };
  }
  return programOf(client, machine, installFolder(client, data), env);
}

/** Where installers put programs without asking PATH: the client's own, and those of the package managers. */
function installFolders(client: Client, { env, home, machine }: Omit<Places, "data">): readonly string[] {
  return [
    ...[".local/bin", ...client.folders, ".npm-global/bin", ".bun/bin"].map((folder) => join(home, folder)),
    ...(env["PNPM_HOME"] ? [env["PNPM_HOME"]] : []),
    ...(env["APPDATA"] ? [join(env["APPDATA"], "npm")] : []),
    // On Windows anybody may make these on the drive that is current.
    ...(machine.platform === "win32" ? [] : ["/opt/homebrew/bin", "/usr/local/bin"]),
  ];
}

/** Where clients are installed, each version in a folder of its own. */
export const installations = (data: string) => join(data, "clients");

/** The folder into which this very version is installed. */
export function installFolder(client: Client, data: string): string {
  return join(installations(data), `${client.id}-${client.install.version}`);
}

/** What starts the client that was installed into this folder; undefined where it is not there. */
export function programOf({ install }: Client, machine: Machine, folder: string, env: Environment): Program | undefined {
  if (install.from === "pip") {
    const python = join(folder, ...pythonInside(machine));
    // -I: with -m alone Python looks for modules in the working folder first, which may be a clone.
    return isProgram(python) ? { path: python, before: ["-I", "-m", install.module] } : undefined;
  }
  if ("script" in install) {
    const script = join(folder, "node_modules", install.script);
    if (!isFile(script)) return undefined;
    const node = nodeFor(install, env);
    return "path" in node ? { path: node.path, before: [script] } : undefined;
  }
  const binary = install.binary(machine);
  const path = binary === undefined ? undefined : join(folder, "node_modules", binary);
  return path !== undefined && isProgram(path) ? { path, before: [] } : undefined;
}

/** Python's place in a virtual environment. */
export function pythonInside({ platform }: Machine): readonly string[] {
  return platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
}

function programIn(folder: string, client: Client, machine: Machine): string | undefined {
  const names = machine.platform === "win32" ? [".exe", ".cmd", ".bat"].map((end) => client.command + end) : [client.command];
  for (const name of names) {
    const path = join(folder, name);
    if (isProgram(path)) return nativeOf(path, client, machine) ?? path;
  }
  return undefined;
}

/**
 * What npm puts on PATH is a script that starts the native program, or, where npm did not run the package's install script, a stub
 * that only complains. The native program lies beside it.
 */
function nativeOf(path: string, client: Client, machine: Machine): string | undefined {
  const modules = modulesAround(path, client, machine);
  const binary = "binary" in client.install ? client.install.binary(machine) : undefined;
  if (modules === undefined || binary === undefined) return undefined;
  const hoisted = join(modules, binary);
  const nested = join(modules, client.install.package, "node_modules", binary);
  return [nested, hoisted].find(isProgram);
}

/**
 * The `node_modules` that a program on PATH leads into: a link elsewhere, on Windows a `.cmd` beside it or in its `.bin`. That one is not
 * started: cmd.exe reads arguments in its own way, asks after ^C whether to go on, and leaves the program behind where it is ended itself.
 */
function modulesAround(path: string, { install }: Client, { platform }: Machine): string | undefined {
  if (platform === "win32") {
    const folder = dirname(path);
    if (path.endsWith(".exe")) return undefined;
    return basename(folder) === ".bin" ? dirname(folder) : join(folder, "node_modules");
  }
  try {
    const real = realpathSync(path);
    const at = real.indexOf(`${sep}${install.package.split("/").join(sep)}${sep}`);
    return at < 0 ? undefined : real.slice(0, at);
  } catch {
    return undefined;
  }
}
