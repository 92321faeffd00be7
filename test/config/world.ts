import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import type { Configuration, LoadOptions } from "../../src/config/configuration.ts";
import { loadConfiguration } from "../../src/config/load.ts";
import { type Resolved, resolveProfile } from "../../src/config/resolve/resolve-profile.ts";
import { rows } from "../../src/providers/index.ts";

/** A home, a project inside it and a system folder, all real and all temporary. */
export interface World {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly system: string;
  write(path: string, content: string): string;
  load(given?: Partial<LoadOptions>): ReturnType<typeof loadConfiguration>;
  /** Fails the test where there is an error. */
  loaded(given?: Partial<LoadOptions>): Promise<Configuration>;
  errorOf(given?: Partial<LoadOptions>): Promise<readonly string[]>;
  resolve(given?: Partial<LoadOptions>): Promise<Resolved>;
  profile(given?: Partial<LoadOptions>): Promise<Extract<Resolved, { profile: unknown }>>;
}

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

export const userFile = "home/.config/fcc/config.yaml";
export const projectFile = "home/project/.fccrc";
export const systemFile = "etc/config.yaml";

/** Keys of `files` are paths inside the world. Projects are trusted unless a test says otherwise. */
export function world(files: Readonly<Record<string, string>> = {}): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "fcc config ")));
  roots.push(root);
  const [home, project, system] = [join(root, "home"), join(root, "home/project"), join(root, "etc")];
  for (const folder of [home, project, system]) mkdirSync(folder, { recursive: true });
  const write = (path: string, content: string) => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  const load: World["load"] = (given = {}) =>
    loadConfiguration({ cwd: project, home, env: {}, systemFolder: system, rows, decide: async () => true, ...given });
  const loaded: World["loaded"] = async (given) => {
    const result = await load(given);
    if (result.error !== undefined) throw new Error(result.error.lines.join("\n"));
    return result;
  };
  const resolve: World["resolve"] = async (given) => resolveProfile(await loaded(given));
  return {
    root,
    home,
    project,
    system,
    write,
    load,
    loaded,
    resolve,
    async errorOf(given) {
      const result = await load(given);
      const error = result.error ?? (await resolveProfile(result as Configuration)).error;
      if (error === undefined) throw new Error("there was no error");
      return error.lines;
    },
    async profile(given) {
      const result = await resolve(given);
      if (result.error !== undefined) throw new Error(result.error.lines.join("\n"));
      if (!("profile" in result)) throw new Error("nothing is configured");
      return result;
    },
  };
}
