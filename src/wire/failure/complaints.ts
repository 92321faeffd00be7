import { inWords, isObject } from "../json.ts";

/**
 * One complaint of FastAPI's list about a request: `{loc: ["body", "messages", 0], msg}`. vLLM's has Pydantic's own steps in it:
 * "function-wrap[...]". Or one of Zod's: `{path: ["messages", 0], message}`, where no other complaints stand in it.
 */
export function complaintOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  const { loc, msg, path, message } = item;
  if (typeof msg === "string" && Array.isArray(loc)) return complaint(loc, msg, item.input);
  const isZod = typeof message === "string" && Array.isArray(path) && !("errors" in item) && !("unionErrors" in item);
  return isZod ? complaint(path, message, undefined) : undefined;
}

/**
 * The same list as Python shows it, which vLLM and SGLang send as their sentence: "1 validation error:\n  {'type': 'literal_error', 'loc': ('body',
 * 'thinking', 'type'), 'msg': \"Input should be ...\", 'input': 'adaptive', ...". What was sent stands in it too, and SGLang says it twice.
 */
export function complaintsIn(text: string): string | undefined {
  const listed = text.matchAll(
    /'loc': (?:\((.{0,400}?)\)|'([^']{0,400})'), 'msg': (?:"([^"]{0,400})"|'([^']{0,400})')(?:, 'input': '([\w-]{1,40})')?/g,
  );
  const complaints = [
    ...[...listed].map(([, steps, path = "", quoted, msg = quoted ?? "", input]) =>
      complaint(steps === undefined ? path.split(".") : stepsOf(steps), msg, input),
    ),
    ...[...text.matchAll(shown)].map(([, path = "", msg = "", input]) => complaint(path.split("."), msg, input)),
  ];
  return complaints.length === 0 ? undefined : [...new Set(complaints)].join("; ");
}

/**
 * A complaint as Pydantic itself shows it, which vLLM sends too: "1 validation error for Request\nmessages.1.role\n  Input should be 'user' or
 * 'assistant' [type=literal_error, input_value='system', input_type=str]\n    For further information ...".
 */
const shown = /^([\w.[\]-]{1,400})\n {2}(\S.{0,400}?) \[type=\w+, input_value=(?:'([\w-]{1,40})'|.{0,400}?), input_type=\w+\]/gm;

/** The inside of a tuple: `'body', 'tools', 0,`. */
const stepsOf = (tuple: string): readonly string[] =>
  tuple
    .replaceAll("'", "")
    .split(/, ?/)
    .filter((step) => step !== "");

/** Of a block in a message its type is told too: the rule that it breaks names only the others. */
function complaint(steps: readonly unknown[], rule: string, input: unknown): string {
  const isBlock = steps.includes("content") && steps.at(-1) === "type" && typeof input === "string";
  const message = isBlock ? `${rule}, not '${input}'` : rule;
  const path = steps
    .map(inWords)
    .filter((step) => step !== "body" && !step.startsWith("function-"))
    .join(".");
  return path === "" ? message : `${path}: ${message}`;
}
