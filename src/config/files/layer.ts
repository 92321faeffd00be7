import { dirname, sep } from "node:path";
import type * as z from "zod";
import { didYouMean } from "../../route/nearest.ts";
import { type Problem, problemAt } from "../errors.ts";
import { withWholePath } from "../resolve/model-file.ts";
import { keysAt } from "../schema/keys.ts";
import { configurationSchema, literalHeader, literalKey } from "../schema/schema.ts";
import { lineAt, type Place, parseText, writtenPath } from "./document.ts";
import { lockProblems } from "./lock-problems.ts";
import { longForm } from "./long-form.ts";
import { expandPath } from "./paths.ts";
import { isTree, own, type Path, pathName, type Tree } from "./tree.ts";

export type LayerName = "built-in" | "system" | "user" | "project" | "environment" | "options";

/** One place that settings come from. */
export interface Layer {
  readonly name: LayerName;
  /** In long form, units as written, paths absolute; valid by the schema. */
  readonly tree: Tree;
  /** The folder of the file that it is: what it names is there, and its commands run there. */
  readonly folder?: string;
  /** Where the setting at `path` was written: ".fccrc:9", "OLLAMA_HOST", "--model", "built in". */
  where(path: Path): string;
}

export interface ConfigurationFile {
  /** Absolute. */
  readonly path: string;
  /** As it is shown: ".fccrc". */
  readonly label: string;
  readonly text: string;
  readonly format: "json" | "yaml";
  /** The key of package.json under which the configuration stands. */
  readonly under?: string;
  /** What stands in the same folder, as it is shown, and counts for nothing since this file is taken first. */
  readonly unread?: readonly string[];
}

export interface ReadOptions {
  readonly name: LayerName;
  readonly home: string;
  /** Only then may a parser's own words, which can repeat the file, be shown. */
  readonly trusted: boolean;
}

/** A file that cannot be taken as it is. */
export interface Faulty {
  readonly problems: readonly Problem[];
  /** What it says in spite of them, where it parses and may be quoted. */
  readonly unchecked?: Layer;
}

/** Parses and checks one file; all its problems come at once. */
export function readLayer(file: ConfigurationFile, options: ReadOptions): { layer: Layer; problems?: undefined } | Faulty {
  const parsed = parseText(file.text, file.format, file.under);
  if (parsed.problems !== undefined) {
    return {
      problems: parsed.problems.map(({ line, text, detail }) => ({
        place: `${file.label}:${line}`,
        line,
        text: options.trusted && detail !== undefined ? `${text} (${detail.split("\n")[0]})` : text,
      })),
    };
  }
  const { place } = parsed;
  const where = (path: Path) => `${file.label}:${lineAt(place, path)}`;
  const tree = longForm(parsed.value);
  const checked = configurationSchema.safeParse(tree);
  const problems = checked.success ? [] : checked.error.issues.flatMap((issue) => problemsOf(issue, place, file.label));
  problems.push(...lockProblems(tree, options.name).map(({ path, text }) => problemAt(where(path), text)));
  if (problems.length > 0) return { problems, unchecked: { name: options.name, tree, where } };
  const folder = dirname(file.path);
  return { layer: { name: options.name, tree: absolutePaths(tree, options.home, folder), folder, where } };
}

function problemsOf(issue: z.core.$ZodIssue, place: Place, label: string): Problem[] {
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
const synonyms: Readonly<Record<string, string>> = {
  apikey: "key",
  api_key: "key",
  token: "key",
  url: "baseUrl",
  endpoint: "baseUrl",
  base: "baseUrl",
  host: "baseUrl",
};

function meant(key: string, known: readonly string[]): string {
  const synonym = own(synonyms, key.toLowerCase());
  return synonym !== undefined && known.includes(synonym) ? ` Did you mean "${synonym}"?` : didYouMean(key, known);
}

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

/** A path in a file means the same wherever the command is run. */
function absolutePaths(tree: Tree, home: string, folder: string): Tree {
  const change = (value: unknown, path: Path): unknown => {
    if (typeof value === "string" && (isFile(path) || (isProgram(path) && hasFolder(value)))) return expandPath(value, home, folder);
    if (typeof value === "string" && path[0] === "profiles" && path.at(-1) === "target") return withWholePath(value, home, folder);
    if (Array.isArray(value)) return value.map((item, index) => change(item, [...path, index]));
    return isTree(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, [...path, key])])) : value;
  };
  return change(tree, []) as Tree;
}

const hasFolder = (program: string) => program.includes("/") || program.includes(sep);

/** The program of a command: with a slash it is a path, without one it is on PATH. */
function isProgram(path: Path): boolean {
  return path[0] === "providers" && ["key", "headers", "via"].includes(String(path[2])) && path.at(-2) === "command" && path.at(-1) === 0;
}

function isFile(path: Path): boolean {
  if (path.length === 1) return path[0] === "trace";
  if (path[0] !== "providers") return false;
  const [section, last] = [path[2], path.at(-1)];
  return (
    (last === "file" && (section === "key" || section === "headers")) || (section === "tls" && ["ca", "cert", "key"].includes(String(last)))
  );
}
