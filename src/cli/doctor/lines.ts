import kleur from "kleur";
import { type Examined, firstCause } from "../../checks/index.ts";
import { plain } from "../../config/index.ts";
import { hasColours } from "../output.ts";

const marks: Readonly<Record<Examined["state"], string>> = { good: "ok", doubt: "doubt", bad: "BAD", skipped: "-" };
const markWidth = 8;
const titleWidth = 30;
/** Fewer columns beside a title are no line to read: what was seen then stands below it. */
const leastRoom = 36;

/**
 * One check for a person: its state, what was seen, and, where something is wrong, what was sent and what to do.
 *
 * @param width the terminal's columns; undefined where it goes into a pipe or a file, whose lines stay whole
 */
export function findingLines({ state, title, seen, sent, todo }: Examined, width = Number.POSITIVE_INFINITY): readonly string[] {
  const colour = hasColours(process.stdout) ? colours[state] : (text: string) => text;
  const isWrong = state === "bad" || state === "doubt";
  const name = plain(title);
  const beside = name.length < titleWidth && width >= markWidth + titleWidth + leastRoom;
  const indent = " ".repeat(beside ? markWidth + titleWidth : markWidth);
  const lines = [
    ...linesOf(seen),
    ...(sent !== undefined && isWrong ? [`sent: ${plain(sent)}`] : []),
    ...(todo !== undefined && isWrong ? linesOf(todo) : []),
  ].flatMap((line) => parted(line, width - indent.length));
  const head = `${colour(marks[state].padEnd(markWidth - 2))}  ${name}`;
  if (!beside) return [head, ...lines.map((line) => `${indent}${line}`)];
  const [first = "", ...more] = lines;
  return [`${head}${" ".repeat(titleWidth - name.length)}${first}`, ...more.map((line) => `${indent}${line}`)];
}

/** A line as several of at most so many characters, parted between words; what stands in backticks is there to be pasted, and stays whole. */
function parted(line: string, room: number): readonly string[] {
  if (line.length <= room) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  for (const word of line.match(/(?:`[^`]*`|\S)+/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

const linesOf = (text: string) => text.split("\n").map(plain);

const colours: Readonly<Record<Examined["state"], (text: string) => string>> = {
  good: kleur.green,
  doubt: kleur.yellow,
  bad: kleur.red,
  skipped: kleur.dim,
};

/** What it all comes to: the one thing to do first. `width`: as above. */
export function verdictLines(examined: readonly Examined[], width = Number.POSITIVE_INFINITY): readonly string[] {
  const cause = firstCause(examined);
  if (cause === undefined) return ["A launch works here."];
  const head = cause.state === "bad" ? "A launch would fail" : "A launch works; what could be better";
  const todo = cause.todo === undefined ? [] : linesOf(cause.todo).map((line) => `  ${line}`);
  return [`${head}: ${plain(cause.title)}: ${linesOf(cause.seen)[0]}`, ...todo].flatMap((line) => parted(line, width));
}
