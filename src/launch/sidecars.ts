import type { Readable } from "node:stream";
import { execa } from "execa";
import type { Environment } from "../model/environment.ts";
import { endGroup, tellGroup } from "../system/group.ts";
import { programOnPath } from "../system/on-path.ts";
import { endLeftOvers, noteGroup } from "./left-over-groups.ts";
import { onSignals } from "./on-signals.ts";

/** A program that runs beside the client for as long as the session. */
export interface Sidecar {
  /** The lines that it said last. */
  readonly said: readonly string[];
  /** How it ended, once it has: "exit code 1". */
  readonly ended: string | undefined;
  end(): Promise<void>;
}

export interface SidecarOptions {
  /** Where it runs: the working folder may be a clone, in which many programs look for code. */
  readonly cwd?: string | undefined;
  readonly env?: Environment;
  readonly heard?: (line: string) => void;
}

/** All that runs beside one session. */
export interface Sidecars {
  start(command: readonly string[], options?: SidecarOptions): Sidecar;
  /** From here on the client stands between fcc and its signals: they no longer end fcc before it has put its things away. */
  handOver(): void;
  end(): Promise<void>;
}

/** Lines that are kept of what a program says. */
const kept = 20;
const longestLine = 500;
const notFound = "was not found";
/** What ends fcc itself before there is a client to pass it on to. */
const endings: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Programs in process groups of their own: ^C at the terminal is the client's, and what they start themselves ends with them. They have no
 * terminal, nothing on standard input, and what they say is kept, not shown.
 */
export function createSidecars({ cache, env }: { readonly cache: string; readonly env: Environment }): Sidecars {
  const running = new Map<number, { readonly over: Promise<unknown>; readonly forget: () => void }>();
  const endAtOnce = () => {
    for (const pid of running.keys()) tellGroup(pid, "SIGTERM");
  };
  const endOne = async (pid: number) => {
    const one = running.get(pid);
    if (one === undefined) return;
    await endGroup(pid);
    await one.over;
    one.forget();
    running.delete(pid);
  };
  const endAll = async () => {
    await Promise.all([...running.keys()].map((pid) => endOne(pid)));
    process.off("exit", endAtOnce);
    handOver();
  };
  let stopListening: (() => void) | undefined;
  const handOver = () => stopListening?.();
  const guard = () => {
    if (stopListening !== undefined) return;
    stopListening = onSignals(endings, (signal) => {
      handOver();
      void endAll().then(() => process.kill(process.pid, signal));
    });
    process.on("exit", endAtOnce);
  };
  void endLeftOvers(cache);

  return {
    start([program = "", ...args], { cwd, env: more = {}, heard } = {}) {
      const whole = { ...env, ...more };
      const path = programOnPath(program, whole);
      if (path === undefined) return { said: [], ended: notFound, end: async () => {} };
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
      const said: string[] = [];
      const hear = (line: string) => {
        if (line.trim() === "") return;
        said.push(line.slice(0, longestLine));
        if (said.length > kept) said.shift();
        heard?.(line);
      };
      for (const stream of [child.stdout, child.stderr]) eachLine(stream, hear);
      let ended: string | undefined;
      const { pid } = child;
      const over = new Promise<void>((resolve) => {
        const finish = (how: string) => {
          ended ??= how;
          resolve();
        };
        child.once("exit", (code, signal) => finish(`ended with ${code === null ? signal : `exit code ${code}`}`));
        void child.then((result) => {
          const { code } = result as { readonly code?: string };
          finish(code === "ENOENT" ? notFound : `could not be started (${code ?? result.shortMessage})`);
        });
      });
      if (pid !== undefined) {
        running.set(pid, { over, forget: noteGroup(cache, pid) });
        // What is left of its group is ended now: later the number may be another's.
        void over.then(() => endOne(pid));
      }
      return {
        said,
        get ended() {
          return ended;
        },
        end: async () => {
          if (pid !== undefined) await endOne(pid);
        },
      };
    },
    handOver,
    end: endAll,
  };
}

/** Of a line that never ends only its own end is kept. */
function eachLine(stream: Readable | null, hear: (line: string) => void): void {
  let open = "";
  stream?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (open + text).split(/\r?\n|\r/);
    open = (lines.pop() ?? "").slice(-longestLine);
    for (const line of lines) hear(line);
  });
  stream?.on("end", () => hear(open));
}
