import kleur from "kleur";
import { plain } from "../config/errors.ts";
import type { Refusal } from "./refusal.ts";

/** What fcc itself says, always on standard error: standard output belongs to the client, or to the answer of a command. */
export interface Output {
  /** A line of information, left out by --quiet. */
  say(line: string): void;
  /** Something that should be known, left out by --quiet too. */
  warn(line: string): void;
  /** An error: the sentence, then what belongs to it. Answers the exit code that it ends with. */
  fail(lines: readonly string[], exitCode?: number): number;
  /** The same of a refusal that comes from underneath. */
  refuse(refusal: Refusal): number;
}

export function createOutput(quiet: boolean): Output {
  kleur.enabled = hasColours(process.stderr);
  // Names of models, providers and files come from elsewhere and may hold terminal escapes.
  const write = (text: string) => process.stderr.write(`${text}\n`);
  const fail: Output["fail"] = (lines, exitCode = 2) => {
    const [first = "", ...more] = lines;
    write([`${kleur.red("fcc:")} ${plain(first)}`, ...more.map((line) => `     ${plain(line)}`)].join("\n"));
    return exitCode;
  };
  return {
    fail,
    refuse: ({ lines, exitCode }) => fail(lines, exitCode),
    say(line) {
      if (!quiet) write(`${kleur.dim("fcc")}  ${plain(line)}`);
    },
    warn(line) {
      if (!quiet) write(`${kleur.yellow("fcc:")} ${plain(line)}`);
    },
  };
}

/** Whether what is written there may have colours: not in a file, nor for who does not want them, nor on what shows their codes (Emacs's shell). */
export function hasColours(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return Boolean(stream.isTTY) && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
