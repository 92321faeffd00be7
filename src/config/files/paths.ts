import { homedir, userInfo } from "node:os";
import { isAbsolute, join, relative, resolve, sep, win32 } from "node:path";
import type { Environment } from "../../model/environment.ts";

/** fcc's own folders. None of them is created here. */
export interface Folders {
  readonly home: string;
  readonly config: string;
  /** What was trusted. */
  readonly state: string;
  /** Clients that fcc installed, stored keys. */
  readonly data: string;
  readonly cache: string;
  /** The administrator's configuration. */
  readonly system: string;
}

/**
 * HOME where it names a folder, else the home that the system knows. Empty or relative, it would be the working folder: a clone's own files
 * would count as the user's, and fcc's would be written into it.
 */
export function homeFolder(): string {
  const home = homedir();
  return isAbsolute(home) ? home : userInfo().homedir;
}

/** By the XDG base directory specification; on Windows by its own two folders. A relative XDG value counts for nothing, as the specification says. */
export function foldersOf(options: { home?: string; env: Environment; systemFolder?: string; platform?: NodeJS.Platform }): Folders {
  const { env, platform = process.platform } = options;
  const home = options.home ?? homeFolder();
  if (platform === "win32") {
    const { join } = win32;
    const named = (name: string, fallback: string) => {
      const folder = variable(env, name);
      return join(folder !== undefined && win32.isAbsolute(folder) ? folder : fallback, "fcc");
    };
    const roaming = named("APPDATA", join(home, "AppData", "Roaming"));
    const local = named("LOCALAPPDATA", join(home, "AppData", "Local"));
    // Not ProgramData: any user may make a folder there, and what this one holds is trusted.
    const system = options.systemFolder ?? named("PROGRAMFILES", "C:\\Program Files");
    return { home, config: roaming, state: join(local, "state"), data: join(local, "data"), cache: join(local, "cache"), system };
  }
  const folder = (variable: string, ...fallback: string[]) => {
    const named = env[variable];
    return join(named && isAbsolute(named) ? named : join(home, ...fallback), "fcc");
  };
  return {
    home,
    config: folder("XDG_CONFIG_HOME", ".config"),
    state: folder("XDG_STATE_HOME", ".local", "state"),
    data: folder("XDG_DATA_HOME", ".local", "share"),
    cache: folder("XDG_CACHE_HOME", ".cache"),
    system: options.systemFolder ?? "/etc/fcc",
  };
}

/** Windows does not tell the letters of a variable's name apart (it writes `ProgramFiles`), but a copy of the environment does. */
function variable(env: Environment, name: string): string | undefined {
  return env[name] ?? Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

/** `~` is the home folder; a relative path starts at the folder of the file that says it. */
export function expandPath(path: string, home: string, folder: string): string {
  if (path === "~") return home;
  return path.startsWith("~/") || path.startsWith(`~${sep}`) ? join(home, path.slice(2)) : resolve(folder, path);
}

/** As short as a person would say it: relative inside the working folder, `~/...` inside home. */
export function showPath(path: string, cwd: string, home: string): string {
  const inside = relative(cwd, path);
  if (inside !== "" && !isAbsolute(inside) && !inside.startsWith("..")) return inside;
  const fromHome = relative(home, path);
  if (fromHome !== "" && !isAbsolute(fromHome) && !fromHome.startsWith("..")) return `~${sep}${fromHome}`;
  return path;
}
