import type { ChildProcess } from "node:child_process";
import { execa, type Result } from "execa";
import type { Environment } from "../model/environment.ts";
import { endWithFcc } from "../system/end-with-fcc.ts";
import { endGroup, tellGroup } from "../system/group.ts";
import { programOnPath } from "../system/on-path.ts";
import { lastLines } from "./last-lines.ts";
import { endLeftOvers, noteGroup } from "./left-over-groups.ts";

/** A program that runs beside the client until the session ends. */
export interface Sidecar {
  /** The last lines that it wrote, on either of its outputs. */
  readonly lines: readonly string[];
  /** How it ended, once it has: "ended with exit code 1". */
  readonly ended: string | undefined;
  end(): Promise<void>;
}

interface SidecarOptions {
  /** Where it runs: the working folder may be a clone, in which many programs look for code. */
  readonly cwd?: string | undefined;
  /** Variables over those of the session. */
  readonly env?: Environment;
  readonly onLine?: (line: string) => void;
}

/** All sidecars of one session. */
export interface Sidecars {
  start(command: readonly string[], options?: SidecarOptions): Sidecar;
  end(): Promise<void>;
}

/** `ended`, where the program does not exist. */
export const notFound = "was not found";

/**
 * Each sidecar leads a process group of its own, so that ^C at the terminal reaches only the client, and so that whatever a sidecar starts
 * ends with it. It has no terminal and no standard input; its output is kept, not shown.
 */
export function createSidecars({ cache, env }: { readonly cache: string; readonly env: Environment }): Sidecars {
  const running = new Map<number, { readonly exited: Promise<unknown>; readonly forget: () => void }>();
  let unguard: (() => void) | undefined;

  const endOne = async (pid: number) => {
    const one = running.get(pid);
    if (one === undefined) return;
    await endGroup(pid);
    await one.exited;
    one.forget();
    running.delete(pid);
  };
  const terminateAll = () => {
    for (const pid of running.keys()) tellGroup(pid, "SIGTERM");
  };
  const endAll = async () => {
    await Promise.all([...running.keys()].map((pid) => endOne(pid)));
    process.off("exit", terminateAll);
    unguard?.();
  };
  /** Ends all sidecars with fcc, whatever ends it. */
  const guard = () => {
    if (unguard !== undefined) return;
    unguard = endWithFcc(endAll);
    process.on("exit", terminateAll);
  };
  void endLeftOvers(cache);

  return {
    start([program = "", ...args], { cwd, env: more = {}, onLine } = {}) {
      const whole = { ...env, ...more };
      const path = programOnPath(program, whole);
      if (path === undefined) return { lines: [], ended: notFound, end: async () => {} };
      guard();
      const child = execa(path, args, {
        ...(cwd === undefined ? {} : { cwd }),
        env: whole,
        extendEnv: false,
        stdin: "ignore",
        detached: process.platform !== "win32",
        buffer: false,
        reject: false,
        cleanup: false,
        windowsHide: true,
      });
      const lines = lastLines([child.stdout, child.stderr], onLine);
      let ended: string | undefined;
      const exited = waitForExit(child).then((how) => {
        ended = how;
      });
      const { pid } = child;
      if (pid !== undefined) {
        running.set(pid, { exited, forget: noteGroup(cache, pid) });
        // What is left of its group is ended at once: later the process id may belong to another program.
        void exited.then(() => endOne(pid));
      }
      return {
        lines,
        get ended() {
          return ended;
        },
        end: async () => {
          if (pid !== undefined) await endOne(pid);
        },
      };
    },
    end: endAll,
  };
}

/** Resolves with how a child ended, or why it never began: `code` is the system's. */
function waitForExit(child: Pick<ChildProcess, "once"> & PromiseLike<Pick<Result, "code" | "shortMessage">>): Promise<string> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(`ended with ${code === null ? signal : `exit code ${code}`}`));
    // Settles after the event above where there was a process at all: its outputs may be held open by what it started.
    void child.then(({ code, shortMessage }) => {
      resolve(code === "ENOENT" ? notFound : `could not be started (${code ?? shortMessage})`);
    });
  });
}
