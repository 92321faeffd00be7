import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { bundleProgram, type Ended, type Running, run } from "../launch/built.ts";

/** A machine with nothing on it but fcc and what a test puts there. */
export interface Machine {
  /** The bundled fcc that it runs. */
  readonly program: string;
  readonly base: string;
  /** Writes a file under the machine's folder; a program where its mode says so. */
  write(path: string, text: string, mode?: number): string;
  /** Runs fcc in the project's folder to its end; `input` comes on standard input. */
  fcc(args: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<Ended>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  /** All files there are, by their path. */
  files(): Readonly<Record<string, string>>;
}

/**
 * A machine for each test of the file, or of the block, that calls it, with fcc bundled once for all of them. It is there for whatever else
 * is done before a test, and is removed last, after what the file does behind one.
 */
export function machineOfEachTest(): Machine {
  let bundled: Awaited<ReturnType<typeof bundleProgram>>;
  let machine: Machine | undefined;
  const now = () => {
    if (machine === undefined) throw new Error("no test runs, so there is no machine");
    return machine;
  };
  beforeAll(async () => {
    bundled = await bundleProgram();
  });
  afterAll(() => bundled.remove());
  beforeEach(({ onTestFinished }) => {
    const own = createMachine(bundled.program);
    machine = own;
    // Behind all of `afterEach`, and behind what a test itself says is done when it has finished.
    onTestFinished(async () => {
      machine = undefined;
      // What a terminal was taken from may still write: a fcc its cache. `rmSync` of Node 20 would not see what has come meanwhile.
      await rm(own.base, { recursive: true, force: true, maxRetries: 10 });
    });
  });
  return {
    get program() {
      return now().program;
    },
    get base() {
      return now().base;
    },
    write: (...file) => now().write(...file),
    start: (...command) => now().start(...command),
    fcc: (...command) => now().fcc(...command),
    files: () => now().files(),
  };
}

function createMachine(program: string): Machine {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "fcc program ")));
  for (const name of ["home", "project", "tmp", "bin"]) mkdirSync(join(base, name));
  const own = {
    HOME: join(base, "home"),
    TMPDIR: join(base, "tmp"),
    PATH: `${join(base, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`,
  };
  const options = (env = {}) => ({ cwd: join(base, "project"), env: { ...own, ...env } });
  const start: Machine["start"] = (args, env) => run(program, args, options(env));
  return {
    program,
    base,
    write(path, text, mode = 0o644) {
      const full = join(base, path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text, { mode });
      return full;
    },
    start,
    fcc(args, env, input) {
      if (input === undefined) return start(args, env).ended;
      const { stdin, ended } = run(program, args, { ...options(env), stdin: "pipe" });
      // It may end without reading.
      stdin?.on("error", () => {}).end(input);
      return ended;
    },
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
  };
}
