import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Machine } from "./run.ts";

/** A real terminal, 120 by 40, with a shell in it. */
export interface Terminal {
  /** Types keys by tmux's names: "Enter", "Escape", "C-c"; `type` sends text as it is. */
  press(...keys: readonly string[]): void;
  type(text: string): void;
  screen(): string;
  /** The same with all that has scrolled away. */
  everything(): string;
  /** Forgets what has scrolled away. */
  clear(): void;
  /** The screen once the pattern is on it; throws with the screen after `seconds`. */
  see(pattern: RegExp, seconds?: number): Promise<string>;
  /** The pids of everything that runs inside. */
  processes(): readonly number[];
}

export const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

export function openTerminal(machine: Pick<Machine, "home" | "project" | "env">, variables: Record<string, string> = {}): Terminal {
  // By a path from the project, since that of a socket may have some 100 characters.
  const socket = relative(machine.project, join(machine.home, "..", `tmux-${process.hrtime.bigint()}`));
  const tmux = (...args: readonly string[]) => {
    const result = spawnSync("tmux", ["-f", "/dev/null", "-S", socket, ...args], {
      encoding: "utf8",
      // A shell that is hung up on writes its history, into a home that is being removed.
      env: { ...machine.env, HISTFILE: "/dev/null", ...variables },
      cwd: machine.project,
    });
    if (result.status !== 0) throw new Error(`tmux ${args[0]}: ${result.stderr}`);
    return result.stdout;
  };
  tmux("new-session", "-d", "-x", "120", "-y", "40", "-s", "main", "bash --noprofile --norc -i");
  // Without this tmux waits half a second after Escape for the rest of a key's sequence.
  tmux("set-option", "-g", "escape-time", "0");
  tmux("send-keys", "-t", "main", "PS1='ready> '", "Enter");
  const processes = (): number[] => {
    const shell = tmux("list-panes", "-t", "main", "-F", "#{pane_pid}").trim();
    const children = (pid: string): number[] =>
      spawnSync("ps", ["-o", "pid=", "--ppid", pid], { encoding: "utf8" })
        .stdout.split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .flatMap((child) => [Number(child), ...children(child)]);
    return children(shell);
  };
  onTestFinished(() => {
    // A test that failed half way leaves its agent running, and that goes on writing into its home.
    const left = processes();
    spawnSync("tmux", ["-S", socket, "kill-server"], { cwd: machine.project });
    for (const pid of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone by itself.
      }
    }
  });
  const screen = () => tmux("capture-pane", "-p", "-t", "main");
  return {
    press: (...keys) => void tmux("send-keys", "-t", "main", ...keys),
    type: (text) => void tmux("send-keys", "-t", "main", "-l", text),
    screen,
    everything: () => tmux("capture-pane", "-p", "-S", "-1000", "-t", "main"),
    clear: () => void tmux("clear-history", "-t", "main"),
    async see(pattern, seconds = 30) {
      const until = performance.now() + seconds * 1000;
      for (;;) {
        const now = screen();
        if (pattern.test(now) || performance.now() > until) {
          expect(now, `what the screen shows within ${seconds} s`).toMatch(pattern);
          return now;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    processes,
  };
}
