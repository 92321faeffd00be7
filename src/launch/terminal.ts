import { closeSync, fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { execaSync } from "execa";
import { procStat } from "./process-start.ts";

/** Milliseconds. Whoever may not change a terminal is stopped for trying, and would wait for ever. */
const patience = 1_000;
/**
 * What an agent asks of a terminal in writing and only itself takes back: a hidden cursor, paste in brackets, the mouse, focus, the colour
 * scheme, keys in kitty's and xterm's longer forms, the second screen (1047: unlike 1049 it leaves the cursor alone where the first is
 * shown).
 */
const plainAgain = "\x1b[?1047l\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2031l\x1b[<u\x1b[>4m";

/**
 * The modes of this process's terminal as they are now. `restore` gives them back after a client that was ended before it could, with what
 * such a client had asked for in writing: Node does the first at its own exit, but not where it dies of a signal, as fcc does when its
 * client has.
 */
export function terminalModes(): { restore(): void } {
  const modes = isatty(0) && process.platform !== "win32" ? stty("-g") : undefined;
  return {
    restore() {
      if (modes === undefined || !isInFront() || stty("-g") === modes) return;
      stty(modes);
      const screen = process.env["TERM"] === "dumb" ? undefined : [2, 1].find(isatty);
      if (screen !== undefined) writeSync(screen, plainAgain);
    },
  };
}

/** Closes what was a terminal and has been closed itself: Node 20 gives it its modes back at its exit, cannot, and aborts with a dump. */
export function leaveClosedTerminal(): void {
  for (const stream of [0, 1, 2]) if (isDevice(stream) && !isatty(stream)) closeSync(stream);
}

function isDevice(stream: number): boolean {
  try {
    return fstatSync(stream).isCharacterDevice();
  } catch {
    return false;
  }
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
