import type * as z from "zod";
import { byWord } from "../../model/by-word.ts";
import { didYouMean } from "../../route/nearest.ts";
import { type Problem, problemAt } from "../errors.ts";
import { keysAt } from "../schema/keys.ts";
import { literalHeader, literalKey } from "../schema/secret-sources.ts";
import { lineAt, type Place, writtenPath } from "./place.ts";
import { type Path, pathName } from "./tree.ts";

/** What the schema has against a file, in the words of what is written there. */
export function problemsOf(issue: z.core.$ZodIssue, place: Place, label: string): Problem[] {
  const path = issue.path.filter((key) => typeof key !== "symbol") as Path;
  const at = (where: Path, text: string, hints?: readonly string[]): Problem => ({
    ...problemAt(`${label}:${lineAt(place, where)}`, text),
    ...(hints && { hints }),
  });
  const written = pathName(writtenPath(place, path));
  const named = (text: string) => (written === "" ? text : `${written} ${text}`);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(path);
    const inside = written === "" ? "" : ` in ${written}`;
    return issue.keys.map((key) => at([...path, key], `unknown key "${key}"${inside}.${meant(key, known)}`));
  }
  if (issue.code === "invalid_key") return [at(path, named(issue.issues[0]?.message ?? "is not a valid name"))];
  if (issue.message === literalKey) return [at(path, `${written}: ${literalKey}. Write one of`, keyHints(String(path[1])))];
  if (issue.message === literalHeader) return [at(path, `${written}: ${literalHeader}. Write one of`, headerHints(String(path.at(-1))))];
  return [at(path, named(messageOf(issue)))];
}

/** Names from other tools that spelling alone does not lead to ours. */
const synonyms = byWord({ key: ["apikey", "api_key", "token"], baseUrl: ["url", "endpoint", "base", "host"] });

function meant(key: string, known: readonly string[]): string {
  const synonym = synonyms.get(key.toLowerCase());
  const near = synonym !== undefined && known.includes(synonym) ? ` Did you mean "${synonym}"?` : didYouMean(key, known);
  return near === "" && known.length > 0 && known.length <= shortList ? ` Known there: ${known.join(", ")}.` : near;
}

/** More names than these are no help in an error. */
const shortList = 4;

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid")) return `must be ${typeNames[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small" && issue.message.startsWith("Too"))
    return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  return issue.message;
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a map of keys and values",
  record: "a map of keys and values",
  array: "a list",
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function keyHints(provider: string): string[] {
  const variable = `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_API_KEY`;
  return [
    `key: { env: ${variable} }`,
    `key: { file: ~/.secrets/${provider} }`,
    `key: { command: [op, read, "op://dev/${provider}"] }`,
    `or store it with \`fcc keys set ${provider}\``,
  ];
}

function headerHints(header: string): string[] {
  return [`${header}: { env: NAME_OF_A_VARIABLE }`, `${header}: { file: ~/.secrets/name }`, `${header}: { command: [program, argument] }`];
}
