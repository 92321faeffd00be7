import kleur from "kleur";
import { plain } from "../config/errors.ts";

/** What fcc itself says, always on standard error: standard output belongs to the client, or to the answer of a command. */
export interface Output {
  /** A line of information, left out by --quiet. */
  say(line: string): void;
  /** Something that should be known, left out by --quiet too. */
  warn(line: string): void;
  /** An error: the sentence, then what belongs to it. */
  fail(lines: readonly string[]): void;
}

export function createOutput(quiet: () => boolean): Output {
  kleur.enabled = Boolean(process.stderr.isTTY) && !process.env["NO_COLOR"];
  // Names of models, providers and files come from elsewhere and may hold terminal escapes.
  const write = (text: string) => process.stderr.write(`${text}\n`);
  return {
    say(line) {
      if (!quiet()) write(`${kleur.dim("fcc")}  ${plain(line)}`);
    },
    warn(line) {
      if (!quiet()) write(`${kleur.yellow("fcc:")} ${plain(line)}`);
    },
    fail(lines) {
      const [first = "", ...more] = lines;
      write([`${kleur.red("fcc:")} ${plain(first)}`, ...more.map((line) => `     ${plain(line)}`)].join("\n"));
    },
  };
}
