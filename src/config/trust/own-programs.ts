import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import type { Layer } from "../files/layer.ts";
import { isTree } from "../files/tree.ts";

/** Bytes; far more than a script has. */
const largest = 16 * 1024 * 1024;

/**
 * The files of a project that its own commands name (`[./bearer.sh]`, `[node, scripts/token.mjs]`), a line each with what is in them: who
 * trusts a command trusts these, and they change with the next commit.
 */
export function ownPrograms({ tree, folder = "" }: Layer): readonly string[] {
  // A file in `.config` is its project's as one beside that folder is.
  const project = basename(folder) === ".config" ? dirname(folder) : folder;
  const files = new Set(wordsOfCommands(tree.providers).map((word) => relative(project, resolve(folder, word))));
  return [...files].sort().flatMap((file) => {
    const held = file.startsWith("..") ? undefined : contentOf(resolve(project, file));
    return held === undefined ? [] : [`what is in ${file} = ${held}`];
  });
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
