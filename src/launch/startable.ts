import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../clients/client.ts";
import type { Environment } from "../model/environment.ts";
import { isFile, isProgram, pathIn } from "../system/on-path.ts";

/** Why a program cannot be started, and the exit code that a shell has for it. */
interface Fault {
  readonly exitCode: 126 | 127;
  readonly why: string;
}

/** What a shell would say of a program, named as in one, in place of starting it. undefined where starting it will tell. */
export function faultOf(program: string, env: Environment, machine: Machine): Fault | undefined {
  // There a name stands for several files.
  if (machine.platform === "win32") return undefined;
  const named = program.includes("/");
  const folders = pathIn(env, machine);
  // The system has a PATH of its own.
  if (!named && folders.length === 0) return undefined;
  const there = named ? [program].filter(existsSync) : folders.map((folder) => join(folder, program)).filter(isFile);
  if (there.length === 0) return { exitCode: 127, why: `${program} is not there${named ? "" : ": no program on PATH has this name"}.` };
  const path = there.find(isProgram);
  if (path === undefined) {
    const isFolder = named && statSync(program).isDirectory();
    return { exitCode: 126, why: `${program} cannot be run: it is ${isFolder ? "a folder" : "not executable (chmod +x)"}.` };
  }
  const interpreter = interpreterOf(path);
  if (interpreter === undefined || existsSync(interpreter)) return undefined;
  return { exitCode: 127, why: `${program} cannot be run: its first line names ${JSON.stringify(interpreter)}, which is not there.` };
}

/** Longer first lines are cut by the system too. */
const longestLine = 256;

/** What `#!` names; with a line end of Windows that is part of the name. */
function interpreterOf(path: string): string | undefined {
  const bytes = Buffer.alloc(longestLine);
  try {
    const file = openSync(path, "r");
    const length = readSync(file, bytes);
    closeSync(file);
    return /^#![ \t]*([^ \t\n]+)/.exec(bytes.toString("utf8", 0, length))?.[1];
  } catch {
    // It may be executable and not readable.
    return undefined;
  }
}
