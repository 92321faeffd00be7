import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import type { Client, Environment, Machine } from "../clients/client.ts";

export interface Found {
  /** Absolute path of the program. */
  readonly path: string;
  readonly from: "PATH" | "its install folder" | "fcc's data folder";
}

export interface Places {
  readonly env: Environment;
  readonly home: string;
  readonly machine: Machine;
  /** fcc's own data folder, where `install` puts clients. */
  readonly data: string;
}

/** What the machine is, as the clients' packages tell it apart. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  // Only a glibc build of Node reports glibc's version. The report is slow with network interfaces in it.
  const isMusl = () => {
    const report = process.report as typeof process.report & { excludeNetwork?: boolean };
    report.excludeNetwork = true;
    const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
    return header.glibcVersionRuntime === undefined;
  };
  let musl: boolean | undefined;
  return {
    platform,
    arch,
    get musl() {
      musl ??= platform === "linux" && isMusl();
      return musl;
    },
  };
}

/** PATH first, since that is what the user would start; then the folders of the client's own installers; then what fcc installed. */
export function findClient(client: Client, { env, home, machine, data }: Places): Found | undefined {
  const path = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of path) {
    const program = programIn(folder, client, machine);
    if (program !== undefined) return { path: program, from: "PATH" };
  }
  for (const folder of client.folders(home, env)) {
    const program = programIn(folder, client, machine);
    if (program !== undefined) return { path: program, from: "its install folder" };
  }
  const installed = installedBinary(client, machine, data);
  return installed !== undefined && isProgram(installed) ? { path: installed, from: "fcc's data folder" } : undefined;
}

/** The folder into which this very version is installed. */
export function installFolder(client: Client, data: string): string {
  return join(data, "clients", `${client.id}-${client.install.version}`);
}

export function installedBinary(client: Client, machine: Machine, data: string): string | undefined {
  const binary = client.install.binary(machine);
  return binary === undefined ? undefined : join(installFolder(client, data), "node_modules", binary);
}

function programIn(folder: string, client: Client, machine: Machine): string | undefined {
  const names = machine.platform === "win32" ? [".exe", ".cmd", ""].map((end) => client.command + end) : [client.command];
  for (const name of names) {
    const path = join(folder, name);
    if (isProgram(path)) return nativeOf(path, client, machine) ?? path;
  }
  return undefined;
}

/**
 * What npm links on PATH is a script that starts the native program, or, where npm did not run the package's install script, a stub
 * that only complains. The native program lies beside it.
 */
function nativeOf(path: string, client: Client, machine: Machine): string | undefined {
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    return undefined;
  }
  const inside = `${sep}${client.install.package.split("/").join(sep)}${sep}`;
  const at = real.indexOf(inside);
  if (at < 0) return undefined;
  const binary = client.install.binary(machine);
  if (binary === undefined) return undefined;
  const hoisted = join(real.slice(0, at), binary);
  const nested = join(real.slice(0, at + inside.length), "node_modules", binary);
  return [nested, hoisted].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
