import { accessSync, constants, lstatSync, statSync } from "node:fs";
import { isAbsolute, join, posix, win32 } from "node:path";
import type { Machine } from "../clients/client.ts";
import type { Environment } from "../model/environment.ts";

/** The folders of PATH. */
export function pathIn(env: Environment, { platform }: Pick<Machine, "platform">): readonly string[] {
  // Windows writes `Path`, other shells on it `PATH`.
  const written = Object.entries(env).find(([name]) => name === "PATH" || (platform === "win32" && name.toUpperCase() === "PATH"))?.[1];
  return (written ?? "").split((platform === "win32" ? win32 : posix).delimiter).filter((folder) => folder !== "");
}

/**
 * A program, named as in a command, as the system is to be told of it; undefined where PATH on Windows does not have it. There the system,
 * and what starts programs in its place, looks for a bare name in the working folder first, and a clone may hold a program of that name.
 */
export function programOnPath(program: string, env: Environment, machine: Pick<Machine, "platform"> = process): string | undefined {
  if (machine.platform !== "win32" || /[/\\]/.test(program)) return program;
  const endings = /\.\w+$/.test(program) ? ["", ...programEndings] : programEndings;
  return pathIn(env, machine)
    .filter((folder) => isAbsolute(folder))
    .flatMap((folder) => endings.map((ending) => join(folder, program + ending)))
    .find(isNamed);
}

/** By what stands there, not by where it leads: an alias of the store's (`python.exe`) cannot be looked into. */
function isNamed(path: string): boolean {
  try {
    return !lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** As PATHEXT has them, of which the others are scripts that need a program of their own. */
export const programEndings = [".com", ".exe", ".bat", ".cmd"];

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}

/** What stands behind a file in place of a folder (HOME may be /dev/null), or in a folder that is closed, is none either. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
