import { isatty } from "node:tty";
import { execaSync } from "execa";
import { procStat } from "./proc-stat.ts";

/** Milliseconds. Whoever may not change a terminal is stopped for trying, and would wait for ever. */
const patience = 1_000;

/**
 * The modes of this process's terminal as they are now. `restore` gives them back after a client that was ended before it could: Node does
 * so at its own exit, but not where it dies of a signal, as fcc does when its client has.
 */
export function terminalModes(): { restore(): void } {
  const modes = isatty(0) && process.platform !== "win32" ? stty("-g") : undefined;
  return {
    restore() {
      if (modes !== undefined && isInFront()) stty(modes);
    },
  };
}

/** What it prints; undefined where it cannot be run. */
function stty(argument: string): string | undefined {
  const { failed, stdout } = execaSync("stty", [argument], { stdin: "inherit", reject: false, timeout: patience, killSignal: "SIGKILL" });
  return failed ? undefined : stdout.trim();
}

/** Whether the terminal is this job's now. The kernel stops all of a job that changes it from the background (`fcc run ... &`, then `kill %1`). */
function isInFront(): boolean {
  const [group, front] = process.platform === "linux" ? groupsInProc() : groupsByPs();
  return group === front;
}

/** This process's group and the one that has its terminal. */
function groupsInProc(): readonly (string | undefined)[] {
  const stat = procStat("self");
  return [stat[5], stat[8]];
}

function groupsByPs(): readonly (string | undefined)[] {
  const { stdout } = execaSync("ps", ["-o", "pgid=", "-o", "tpgid=", "-p", String(process.pid)], { reject: false });
  return stdout.trim().split(/\s+/);
}
