import { printable } from "../wire/failure/printable.ts";

/** What a person did wrong on the command line, in a file or in the environment. The command line prints it without a stack. */
export interface ConfigurationError {
  readonly exitCode: 2;
  /** The first line is the sentence (`fcc: ` goes before it); the others are indented below it. Free of terminal escapes. */
  readonly lines: readonly string[];
  /** "form": something in a file is against the schema, or no form of a file at all. "trust": a project's file waits for a person's word. */
  readonly about?: "form" | "trust";
}

/** One thing wrong in one place of a file. `hints` are lines below it. */
export interface Problem {
  /** ".fccrc:9" */
  readonly place: string;
  readonly line: number;
  readonly text: string;
  readonly hints?: readonly string[];
}

/** `place` ends with its line. */
export function problemAt(place: string, text: string): Problem {
  return { place, line: Number(/\d+$/.exec(place)?.[0] ?? 0), text };
}

export function configurationError(...lines: readonly string[]): ConfigurationError {
  return { exitCode: 2, lines: lines.map(plain) };
}

/** More than anybody mends at once: a file in another tool's form has them, or one of a clone that means to fill the terminal. */
const mostTold = 100;

/** The problems of all files at once: one is its own sentence, several are listed below a count. */
export function problemsError(problems: readonly Problem[]): ConfigurationError {
  const lines = problems
    .slice(0, mostTold)
    .flatMap((problem) => [`${problem.place}: ${problem.text}`, ...(problem.hints ?? []).map((hint) => `  ${hint}`)]);
  const count = problems.length === 1 ? [] : [`${problems.length} errors in the configuration`];
  const more = problems.length > mostTold ? [`and ${problems.length - mostTold} more`] : [];
  return { ...configurationError(...count, ...lines, ...more), about: "form" };
}

/** On one line, and without what would drive the terminal that it is printed on. */
export function plain(text: string): string {
  return printable(text).replace(/[\t\n]/g, "");
}

/** Why a file cannot be read or written, in words. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file",
    EACCES: "permission denied",
    EISDIR: "it is a folder",
    EPERM: "not permitted",
    ELOOP: "the link leads in a circle",
    ENOTDIR: "a part of its path is no folder",
    EROFS: "it is read-only",
    ENOSPC: "there is no space left",
    EDQUOT: "there is no space left for this user",
    EADDRINUSE: "all are in use",
    EBADMSG: "it is no JSON",
  };
  return (code !== undefined && known[code]) || (error instanceof Error ? error.message : String(error));
}
