import { dirname } from "node:path";
import { type Problem, problemAt } from "../errors.ts";
import { configurationSchema } from "../schema/schema.ts";
import { absolutePaths } from "./absolute-paths.ts";
import { parseText } from "./document.ts";
import { problemsOf } from "./issues.ts";
import { lockProblems } from "./lock-problems.ts";
import { longForm } from "./long-form.ts";
import { lineAt } from "./place.ts";
import type { Path, Tree } from "./tree.ts";

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

interface ReadOptions {
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
      problems: parsed.problems.map(({ line, text, detail }) =>
        problemAt(`${file.label}:${line}`, options.trusted && detail !== undefined ? `${text} (${detail.split("\n")[0]})` : text),
      ),
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
