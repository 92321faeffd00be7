import { createHash } from "node:crypto";
import { readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { programEndings } from "../../system/on-path.ts";
import type { Layer } from "../files/layer.ts";
import { isTree } from "../files/tree.ts";

/** Bytes; far more than a script has. */
const largest = 16 * 1024 * 1024;

/**
 * The files of a project that its own commands name (`[./bearer.sh]`, `[node, scripts/token]`), and what its clients are started with
 * (`--mcp-config ./mcp.json`), a line each with what is in them: who trusts the configuration trusts these, and they change with the next commit.
 */
export function ownFiles({ tree, folder = "" }: Layer): readonly string[] {
  // A file in `.config` is its project's as one beside that folder is.
  const project = basename(folder) === ".config" ? dirname(folder) : folder;
  const clone = cloneAround(project);
  const commands = commandsIn(tree.providers);
  const fromFolder = (paths: readonly string[]) => paths.map((path) => resolve(folder, path));
  const named = [
    ...fromFolder(commands.flatMap((command) => filesMeantBy([...programsMeantBy(command), ...command.flatMap(namesIn)]))),
    ...fromFolder(commands.flatMap((command) => filesMeantBy(command.flatMap(wordsIn)))).filter(isRun),
    // Clients run where the user is, which is mostly there.
    ...filesMeantBy(wordsForClients(tree.clients))
      .map((path) => resolve(project, path))
      .filter((path) => settings.test(path) || code.test(path) || (extname(path) === "" && isRun(path))),
  ];
  return [...new Set(named)].sort().flatMap((file) => {
    const held = isBelow(clone, file) ? contentOf(file, clone) : undefined;
    return held === undefined ? [] : [`what is in ${relative(project, file)} = ${held}`];
  });
}

/** All that came with a project's file: it may stand in a folder further down of a clone, also in a submodule, whose `.git` is a file. */
function cloneAround(project: string): string {
  let part: string | undefined;
  for (let above = project; ; above = dirname(above)) {
    const git = statsOf(join(above, ".git"));
    if (git?.isDirectory()) return above;
    if (git !== undefined) part ??= above;
    if (above === dirname(above)) return part ?? project;
  }
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return !isAbsolute(path) && path.split(sep)[0] !== "..";
}

/** What completes the names of scripts, wherever in a command it stands (`npx tsx`, `uv run python`). No word of another means more than itself. */
const completing = /^(?:node|nodejs|bun|deno|tsx|ts-node|pythonw?[\d.]*|pypy[\d.]*|py)(?:\.exe)?$/;

/** Node completes names (`node scripts/token`), Python has them with dots (`python -m tools.token`), and both take a folder for what is in it. */
const completions = ["", ".js", ".node", ".ts", ".py", "/index.js", "/index.ts", "/__main__.py"];

function filesMeantBy(named: readonly string[]): readonly string[] {
  const words = [...new Set(named)];
  if (!words.some((word) => completing.test(basename(word)))) return words;
  const names = words.flatMap((word) => (/^\w+(?:\.\w+)+$/.test(word) ? [word, word.replaceAll(".", "/")] : [word]));
  return names.flatMap((name) => completions.map((end) => name + end));
}

/** Windows completes the name of a program that is named with a folder. */
function programsMeantBy([program = ""]: readonly string[]): readonly string[] {
  return /[/\\]/.test(program) ? programEndings.map((end) => program + end) : [];
}

/** A word, and what stands behind an option's name in it: `--import=./token.mjs`. */
const namesIn = (word: string) => [word, word.replace(/^-[^=]*=/, "")];

/** The words of a line for a shell: `sh -c "node token.js"`. */
const wordsIn = (line: string) => line.split(/[\s;&|()<>"'`=$]+/);

/** The words of an argument that is itself a configuration: JSON (`--mcp-config {"command":"./mcp.sh"}`) or TOML (`mcp_servers.a.args=["a.js"]`). */
const configured = (argument: string) => (/^(?:-*[\w.-]+\s*=\s*)?["'[{]/.test(argument) ? argument.split(/[\s="'[\]{},]+/) : []);

/** A line for a shell also names what it writes and reads (`... | tee .token`), which would have to be trusted anew at each launch. */
function isRun(path: string): boolean {
  return code.test(path) || ((statsOf(path)?.mode ?? 0) & 0o111) !== 0;
}

const code = /\.(?:[cm]?[jt]s|sh|ps1|bat|cmd|com|exe|py|so|dll|dylib|node|wasm)$/i;
const settings = /\.(?:json[c5]?|toml|ya?ml|ini|conf|cfg|env)$/i;

function commandsIn(value: unknown): readonly (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap(commandsIn);
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === "command" && Array.isArray(item) ? [item.map(String)] : commandsIn(item)));
}

/**
 * What runs or configures a client: it writes logs and histories itself. Arguments may be prose (`--append-system-prompt`), whose words name
 * nothing; a variable may be a command line (`NODE_OPTIONS=--require ./x.js`).
 */
function wordsForClients(clients: unknown): readonly string[] {
  return (isTree(clients) ? Object.values(clients).filter(isTree) : []).flatMap(({ args, env }) => [
    ...(Array.isArray(args) ? args.map(String).flatMap((argument) => [...namesIn(argument), ...configured(argument)]) : []),
    ...(isTree(env)
      ? Object.values(env)
          .map(String)
          .flatMap((value) => [value, ...wordsIn(value)])
      : []),
  ]);
}

/** What is no path (a prompt of some kilobytes, a NUL) has none. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** undefined: there is no such file, or none that has an end. */
function contentOf(path: string, clone: string): string | undefined {
  const stats = statsOf(path);
  if (stats?.isFile() !== true) return undefined;
  try {
    // What a link leads to outside (`.venv/bin/python`) is the system's, and changes with no commit.
    const real = realpathSync.native(path);
    if (!isBelow(clone, real)) return `the file ${real}`;
    if (stats.size > largest) return "more than 16 MB";
    return `sha256 ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  } catch {
    return undefined;
  }
}
