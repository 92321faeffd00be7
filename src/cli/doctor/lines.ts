import kleur from "kleur";
import { type Examined, firstCause } from "../../checks/index.ts";
import { plain } from "../../config/index.ts";
import { hasColours } from "../output.ts";

const marks: Readonly<Record<Examined["state"], string>> = { good: "ok", doubt: "doubt", bad: "BAD", skipped: "-" };
const titleWidth = 30;

/** One check for a person: its state, what was seen, and, where something is wrong, what was sent and what to do. */
export function findingLines({ state, title, seen, sent, todo }: Examined): readonly string[] {
  const colour = hasColours(process.stdout) ? colours[state] : (text: string) => text;
  const [first = "", ...more] = linesOf(seen);
  const indent = " ".repeat(8 + titleWidth);
  return [
    `${colour(marks[state].padEnd(6))}  ${plain(title).padEnd(titleWidth)}${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(sent !== undefined && (state === "bad" || state === "doubt") ? [`${indent}sent: ${plain(sent)}`] : []),
    ...(todo !== undefined && (state === "bad" || state === "doubt") ? linesOf(todo).map((line) => `${indent}${line}`) : []),
  ];
}

const linesOf = (text: string) => text.split("\n").map(plain);

const colours: Readonly<Record<Examined["state"], (text: string) => string>> = {
  good: kleur.green,
  doubt: kleur.yellow,
  bad: kleur.red,
  skipped: kleur.dim,
};

/** What it all comes to: the one thing to do first. */
export function verdictLines(examined: readonly Examined[]): readonly string[] {
  const cause = firstCause(examined);
  if (cause === undefined) return ["A launch works here."];
  const head = cause.state === "bad" ? "A launch would fail" : "A launch works; what could be better";
  const todo = cause.todo === undefined ? [] : linesOf(cause.todo).map((line) => `  ${line}`);
  return [`${head}: ${plain(cause.title)}: ${linesOf(cause.seen)[0]}`, ...todo];
}
