import { Abandoned } from "./abandoned.ts";
import type { Candidate } from "./completion/candidates.ts";
import type { namesFor as read } from "./completion/names.ts";
import type { CommandLine, LaunchLine } from "./split.ts";

/** Runs what a command line says. What a command needs is loaded by that command alone. `started`: a client has been. */
export async function runLine(line: LaunchLine | CommandLine, started: () => void = () => {}): Promise<number> {
  try {
    if (line.kind === "launch") {
      const { launch } = await import("./launch/command.ts");
      return await launch(line, started);
    }
    const { runCommand } = await import("./program.ts");
    return await runCommand(line);
  } catch (error) {
    if (error instanceof Abandoned) return 1;
    throw error;
  }
}

/** The names of a configuration, for a shell's completion. */
export async function namesFor(found: Parameters<typeof read>[0]): Promise<readonly Candidate[]> {
  const names = await import("./completion/names.ts");
  return names.namesFor(found);
}
