import { isatty } from "node:tty";
import { execaSync } from "execa";

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
      if (modes !== undefined) stty(modes);
    },
  };
}

/** What it prints; undefined where it cannot be run. */
function stty(argument: string): string | undefined {
  const { failed, stdout } = execaSync("stty", [argument], { stdin: "inherit", reject: false, timeout: patience, killSignal: "SIGKILL" });
  return failed ? undefined : stdout.trim();
}
