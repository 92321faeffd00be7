import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { inTurn } from "../files/in-turn.ts";
import type { ConfigurationFile } from "../files/layer.ts";
import { parseJsonFile } from "../files/parse-json-file.ts";
import type { Folders } from "../files/paths.ts";
import { readJsonFile, writePrivateFile } from "../files/private-file.ts";
import { isTree, own, type Tree } from "../files/tree.ts";

/**
 * What was trusted: a file by its real path, its content and that of the files beside it that it names, and what it set then, so that a
 * change can be shown as a difference.
 */
export interface TrustRecord {
  readonly sha256: string;
  /** ISO 8601 */
  readonly at: string;
  readonly settings: readonly string[];
}

export interface TrustKey {
  readonly path: string;
  readonly sha256: string;
}

const fileOf = (folders: Folders) => join(folders.state, "trust.json");

/**
 * Symbolic links resolved, so that a link cannot borrow the trust of another file, and by the system itself: it knows in which letters a
 * folder's name is written where `c:\Code` and `C:\code` are one. Of package.json only the `fcc` value counts.
 */
export function trustKeyOf(file: ConfigurationFile, files: readonly string[]): TrustKey {
  const content = file.under === undefined ? file.text : JSON.stringify((parseJsonFile(file.text) as Tree)[file.under]);
  const whole = [content, ...files].join("\0");
  return { path: realPlaceOf(file), sha256: createHash("sha256").update(whole).digest("hex") };
}

export const realPlaceOf = (file: ConfigurationFile) => realpathSync.native(file.path);

export function listTrusted(folders: Folders): Trusted {
  const stored = readJsonFile(fileOf(folders));
  const files = isTree(stored) && isTree(stored.files) ? stored.files : {};
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, record]) => {
      if (!isTree(record) || typeof record.sha256 !== "string") return [];
      const settings = Array.isArray(record.settings) ? record.settings.map(String) : [];
      return [[path, { sha256: record.sha256, at: String(record.at), settings }]];
    }),
  );
}

/** "changed" comes with what the file set when it was trusted. */
export function trustOf(
  folders: Folders,
  key: TrustKey,
): { readonly state: "trusted" | "unknown" } | { readonly state: "changed"; readonly before: TrustRecord } {
  const record = own(listTrusted(folders), key.path);
  if (record === undefined) return { state: "unknown" };
  return record.sha256 === key.sha256 ? { state: "trusted" } : { state: "changed", before: record };
}

export async function trust(folders: Folders, key: TrustKey, settings: readonly string[]): Promise<void> {
  await change(folders, (files) => ({ ...files, [key.path]: { sha256: key.sha256, at: new Date().toISOString(), settings } }));
}

/** Takes trust away from a file, or from every file in a folder and below it. Answers the paths. */
export async function revokeTrust(folders: Folders, path: string): Promise<readonly string[]> {
  const files = listTrusted(folders);
  const real = realOf(path);
  const gone = Object.keys(files).filter((file) => file === real || file.startsWith(real.endsWith(sep) ? real : real + sep));
  if (gone.length > 0) await change(folders, (now) => Object.fromEntries(Object.entries(now).filter(([file]) => !gone.includes(file))));
  return gone;
}

function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

type Trusted = Readonly<Record<string, TrustRecord>>;

function change(folders: Folders, made: (files: Trusted) => Trusted): Promise<void> {
  return inTurn(fileOf(folders), async () => {
    const files = made(listTrusted(folders));
    await writePrivateFile(fileOf(folders), `${JSON.stringify({ version: 1, files }, undefined, 2)}\n`);
  });
}
