import { commands, type Described, launchOptions, optionsOf } from "./commands.ts";
import { columns } from "./print.ts";

/** What `--help` prints of one command, else of all: short, with two examples. */
export function helpText(name?: string): string {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return general();
  const options = command.looks ? optionsOf(command) : (command.options ?? []);
  return [
    command.usage,
    "",
    sentence(command.summary),
    ...(options.length > 0 ? ["", "Options:", ...indented(options)] : []),
    ...(command.launches ? ["", "Options, before the client's own arguments:", ...indented(launchOptions)] : []),
    "",
    "Examples:",
    ...indented(command.examples),
    ...(command.launches ? ["", "FCC_PROFILE, FCC_MODEL, FCC_CONFIG, FCC_QUIET, FCC_TRACE stand for options."] : []),
    ...(command.launches && name !== "run" ? ["", `\`fcc ${name} -- --help\` shows ${name}'s own help.`] : []),
    "",
  ].join("\n");
}

function general(): string {
  return [
    "fcc launches a coding agent on any model: on your machines, or at any provider.",
    "",
    "Usage:  fcc [options] <command>",
    "",
    ...indented(commands.map(({ name, summary }) => [name, summary])),
    "",
    "Examples:",
    ...indented([
      ["fcc claude --profile demo -p hello", "try it, without any model or key"],
      ["fcc claude --model ollama/qwen3:8b", "Claude Code on a local model"],
    ]),
    "",
    "`fcc <command> --help` says more; `fcc --version` names this version.",
    "",
  ].join("\n");
}

function indented(rows: readonly Described[]): readonly string[] {
  return columns(rows).map((line) => `  ${line}`);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
