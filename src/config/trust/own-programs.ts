import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Layer } from "../files/layer.ts";
import { isTree } from "../files/tree.ts";

/** Bytes; far more than a script has. */
const largest = 16 * 1024 * 1024;

/**
 * The files of a project that its own commands name (`[./bearer.sh]`, `[node, scripts/token]`), a line each with what is in them: who trusts a
 * command trusts these, and they change with the next commit.
 */
export function ownPrograms({ tree, folder = "" }: Layer): readonly string[] {
  // A file in `.config` is its project's as one beside that folder is.
  const project = basename(folder) === ".config" ? dirname(folder) : folder;
  const clone = cloneAround(project);
  const files = new Set(
    wordsOfCommands(tree.providers)
      .flatMap(filesMeantBy)
      .map((path) => resolve(folder, path)),
  );
  return [...files].sort().flatMap((file) => {
    const held = isBelow(clone, file) ? contentOf(file) : undefined;
    return held === undefined ? [] : [`what is in ${relative(project, file)} = ${held}`];
  });
}

/** All that came with a project's file: it may stand in a folder further down of a clone. */
function cloneAround(project: string): string {
  for (let above = project; ; above = dirname(above)) {
    if (existsSync(join(above, ".git"))) return above;
    if (above === dirname(above)) return project;
  }
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !isAbsolute(path) && path.split(sep)[0] !== "..";
}

/** Node completes names (`node scripts/token`), Python has them with dots (`python -m tools.token`), and both take a folder for what is in it. */
const completions = ["", ".js", ".json", ".node", ".py", "/index.js", "/__main__.py"];

/** The files that a word of a command may name, `--import=./token.mjs` too. */
function filesMeantBy(word: string): readonly string[] {
  const name = word.replace(/^-[^=]*=/, "");
  const names = /^\w+(?:\.\w+)+$/.test(name) ? [name, name.replaceAll(".", "/")] : [name];
  return names.flatMap((one) => completions.map((end) => one + end));
}

function wordsOfCommands(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOfCommands);
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "command" && Array.isArray(item) ? item.map(String) : wordsOfCommands(item),
  );
}

/** undefined: there is no such file, or none that has an end. */
function contentOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return undefined;
    if (stats.size > largest) return "more than 16 MB";
    return `sha256 ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  } catch {
    return undefined;
  }
}
