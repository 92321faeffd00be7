import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Machine } from "../clients/client.ts";
import type { NativePackage, NodePackage, Package, PythonPackage } from "../clients/package.ts";
import type { Environment } from "../model/environment.ts";
import { programOnPath } from "../system/on-path.ts";
import { pythonInside } from "./find.ts";
import { nodeFor, pythonFor } from "./interpreters.ts";

interface Place {
  /** It exists and is empty. */
  readonly folder: string;
  readonly env: Environment;
  readonly machine: Machine;
}

/** Brings a package into a folder of its own, by the ordinary client of its registry. Answers why where that fails. */
export function fetchPackage(wanted: Package, place: Place): Promise<string | undefined> {
  return wanted.from === "pip" ? fromPip(wanted, place) : fromNpm(wanted, place);
}

/**
 * npm does not run install scripts of dependencies unless it is told to, so the native package, or the script that Node starts, is what
 * counts.
 */
async function fromNpm(wanted: NativePackage | NodePackage, { folder, env }: Place): Promise<string | undefined> {
  if ("node" in wanted) {
    const node = nodeFor(wanted, env);
    if ("error" in node) return node.error;
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true })}\n`);
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  return run("npm", ["install", ...quiet, `${wanted.package}@${wanted.version}`], folder, env);
}

/** A virtual environment, since a system's own Python refuses what its package manager has not installed (PEP 668). */
async function fromPip(wanted: PythonPackage, { folder, env, machine }: Place): Promise<string | undefined> {
  const python = pythonFor(wanted, env);
  if ("error" in python) return python.error;
  // Debian keeps what makes one in a package of its own, and says so.
  const error = await run(python.path, ["-m", "venv", folder], folder, env);
  if (error !== undefined) return error;
  const quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
  const inside = join(folder, ...pythonInside(machine));
  return run(inside, ["-m", "pip", "install", ...quiet, `${wanted.package}==${wanted.version}`], folder, env);
}

async function run(path: string, args: readonly string[], cwd: string, env: Environment): Promise<string | undefined> {
  const found = programOnPath(path, env);
  const result = found && (await execa(found, args, { cwd, env, extendEnv: false, stdin: "ignore", all: true, reject: false }));
  if (!result || result.code === "ENOENT") return `${path} is not on PATH`;
  if (!result.failed) return undefined;
  const name = args[0] === "-m" ? (args[1] ?? path) : path;
  return `${name} failed: ${firstLine(result.all) ?? "it said nothing"}`;
}

/** Fields of the error that npm lists before its sentence. */
const field = /^(?:code|syscall|errno|path|dest) /;

/** What a package manager says first of a failure, without its own name before it. */
export function firstLine(text: string | undefined): string | undefined {
  return text
    ?.split("\n")
    .map((line) => line.replace(/^(?:npm (?:error|ERR!)|ERROR:) ?/, "").trim())
    .find((line) => line !== "" && !field.test(line));
}
