import packageFile from "../../package.json" with { type: "json" };
import { plain } from "../config/errors.ts";
import { commands } from "./commands.ts";
import { helpText } from "./help.ts";
import { split } from "./split.ts";
import { systemRefusal } from "./system-refusal.ts";
import { outliveReaders, writeOut } from "./write-out.ts";

export type Commands = typeof import("./commands-by-name.ts");

interface Hooks {
  /** Loads most of fcc. */
  readonly read: (launches: boolean) => Promise<Commands>;
  /** The client of a launch has been started. */
  readonly started: () => void;
}

/** Runs one command line and answers the exit code. */
export async function main(argv: readonly string[], { read, started }: Hooks): Promise<number> {
  const load = (launches: boolean) => {
    outliveReaders();
    return read(launches);
  };
  const parts = split(argv, process.env);
  switch (parts.kind) {
    case "version":
      writeOut(`${packageFile.version}\n`);
      return 0;
    case "help":
      writeOut(helpText(parts.command));
      return 0;
    case "wrong":
      return refuse(parts.message, parts.hint);
    case "launch":
      // A dry run compiles half of what a launch needs: too little to be kept for the next one.
      return (await load(parts.options["dry-run"] !== true)).runLine(parts, started);
    case "command": {
      if (parts.command === "completion" && parts.args[0] !== "--help" && parts.args[0] !== "-h") {
        const { completion } = await import("./completion/command.ts");
        const done = await completion(parts.args, async (found) => (await load(false)).namesFor(found));
        return typeof done === "number" ? done : refuse(done.wrong, `fcc completion ${done.shells.join(" | ")}`);
      }
      const asked = parts.command === "help" ? { command: parts.args[0] } : askedFor(parts.command, parts.args);
      if (asked === undefined) return (await load(false)).runLine(parts);
      const { command } = asked;
      // Help on what is no command says so, as the command itself would.
      if (command !== undefined && !commands.some(({ name }) => name === command))
        return (await load(false)).runLine({ ...parts, command, args: [] });
      writeOut(helpText(command));
      return 0;
    }
  }
}

function askedFor(command: string, args: readonly string[]): { readonly command: string } | undefined {
  const known = commands.find(({ name }) => name === command);
  const help = args.some((arg) => arg === "--help" || arg === "-h") || (known?.group === true && args[0] === "help");
  return help && known !== undefined ? { command } : undefined;
}

/** Answers the exit code for what went wrong underneath; a mistake of fcc's own keeps its stack. */
export function failed(error: unknown): number {
  const refusal = systemRefusal(error);
  if (refusal === undefined) throw error;
  refuse(...refusal);
  return 1;
}

function refuse(message: string, hint: string | undefined): number {
  outliveReaders();
  process.stderr.write(`fcc: ${plain(message)}\n${hint === undefined ? "" : `     ${plain(hint)}\n`}`);
  return 2;
}
