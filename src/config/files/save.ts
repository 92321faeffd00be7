import { promises as files } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../system/make-folder.ts";
import type { Configuration } from "../configuration.ts";
import { parseText } from "./document.ts";
import { type Draft, editsOf } from "./draft.ts";
import { type Edit, editText } from "./edit-text.ts";
import type { ConfigurationFile } from "./layer.ts";
import { type Folders, showPath } from "./paths.ts";
import { replaceFile } from "./replace-file.ts";
import { findGlobalFile, findProjectFile } from "./search.ts";

export type Scope = "user" | "project";

/** A file as it would stand after a change. */
export interface Planned {
  readonly scope: Scope;
  readonly file: ConfigurationFile;
  /** What it was made of; undefined: there was none. */
  readonly before?: string;
}

/** The file that counts in a scope, or the place where a new one would stand. */
export async function placeOf(
  scope: Scope,
  { cwd, folders }: { readonly cwd: string; readonly folders: Folders },
): Promise<ConfigurationFile & { readonly isNew: boolean }> {
  const found = scope === "user" ? await findGlobalFile(folders.config, cwd, folders) : await findProjectFile(cwd, folders);
  if (found !== undefined) return { ...found, isNew: false };
  const path = scope === "user" ? join(folders.config, "config.yaml") : join(cwd, ".fccrc");
  return { path, label: showPath(path, cwd, folders.home), text: "", format: "yaml", isNew: true };
}

/** What a draft makes of the file of a scope. Nothing is written. */
export async function plan(
  scope: Scope,
  draft: Draft,
  where: { readonly cwd: string; readonly folders: Folders },
): Promise<Planned | { readonly fault: string }> {
  const place = await placeOf(scope, where);
  const parsed = place.isNew ? { value: {} } : parseText(place.text, place.format, place.under);
  if (!("value" in parsed)) return { fault: `${place.label} cannot be changed: ${parsed.problems[0]?.text ?? "it does not parse"}.` };
  return planEdits(scope, place, editsOf(draft, parsed.value));
}

export function planEdits(
  scope: Scope,
  { isNew, ...file }: ConfigurationFile & { readonly isNew: boolean },
  edits: readonly Edit[],
): Planned | { readonly fault: string } {
  const edited = editText(isNew ? undefined : file, edits);
  if (edited.fault !== undefined) return { fault: `${file.label} cannot be changed: ${edited.fault}.` };
  return { scope, file: { ...file, text: edited.text }, ...(isNew ? {} : { before: file.text }) };
}

/**
 * Writes it whole or not at all, through a link to the file itself, with the rights that it had. Answers why not, where it is no longer the file
 * that the change was made of: models were tried meanwhile, which takes minutes.
 */
export async function save({ scope, file, before = "" }: Planned): Promise<string | undefined> {
  const path = await files.realpath(file.path).catch(() => file.path);
  // One without anything in it counts as none.
  const now = await files.readFile(path, "utf8").catch(() => "");
  if (now.trim() !== before.trim()) return `${file.label} has been changed meanwhile, and is left as it is now. Try again.`;
  makeFolder(dirname(path), scope === "user" ? 0o700 : 0o755);
  const had = await files.stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
  await replaceFile(path, file.text, { fresh: scope === "user" ? 0o600 : 0o644, had });
  return undefined;
}

/** The profile that a scope's file uses when none is named. */
export function defaultOf(configuration: Configuration, scope: Scope): string | undefined {
  return configuration.merged.layers.find(({ name }) => name === scope)?.settings.profile;
}
