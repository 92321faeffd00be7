import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Ended, type Running, run } from "../launch/built.ts";

/** A machine with nothing on it but fcc and what a test puts there. */
export interface Machine {
  readonly base: string;
  /** Writes a file under the machine's folder; a program where its mode says so. */
  write(path: string, text: string, mode?: number): string;
  /** Runs fcc in the project's folder to its end. */
  fcc(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  /** All files there are, by their path. */
  files(): Readonly<Record<string, string>>;
  remove(): void;
}

export function createMachine(program: string): Machine {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "fcc-program-")));
  for (const name of ["home", "project", "tmp", "bin"]) mkdirSync(join(base, name));
  const own = {
    HOME: join(base, "home"),
    TMPDIR: join(base, "tmp"),
    PATH: `${join(base, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
  };
  const start: Machine["start"] = (args, env = {}) => run(program, args, { cwd: join(base, "project"), env: { ...own, ...env } });
  return {
    base,
    write(path, text, mode = 0o644) {
      const full = join(base, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text, { mode });
      return full;
    },
    start,
    fcc: (args, env) => start(args, env).ended,
    files() {
      const all: Record<string, string> = {};
      const walk = (folder: string) => {
        for (const name of readdirSync(join(base, folder))) {
          const path = join(folder, name);
          if (statSync(join(base, path)).isDirectory()) walk(path);
          else all[path] = readFileSync(join(base, path), "utf8");
        }
      };
      walk("");
      return all;
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
