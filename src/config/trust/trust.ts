import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { ConfigurationFile } from "../files/layer.ts";
import { parseJsonFile } from "../files/parse-json-file.ts";
import type { Folders } from "../files/paths.ts";
import { noJson, readJsonFile } from "../files/private-file.ts";
import { type Records, recordsIn } from "../files/records.ts";
import { own, type Tree } from "../files/tree.ts";

/**
 * What was trusted: a file by its real path, its content and that of the files beside it that it names, and what it set then, so that a
 * change can be shown as a difference.
 */
interface TrustRecord {
  readonly sha256: string;
  /** ISO 8601 */
  readonly at: string;
  readonly settings: readonly string[];
}

export interface TrustKey {
  readonly path: string;
  readonly sha256: string;
}

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

function trusted({ state }: Folders): Records<TrustRecord> {
  return recordsIn(
    join(state, "trust.json"),
    "files",
    ({ sha256, at, settings }) =>
      typeof sha256 === "string" ? { sha256, at: String(at), settings: Array.isArray(settings) ? settings.map(String) : [] } : undefined,
    readOrNothing,
  );
}

/** A broken file trusts nothing, and what it trusted is asked about again. */
function readOrNothing(path: string): unknown {
  try {
    return readJsonFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === noJson) return undefined;
    throw error;
  }
}

export const listTrusted = (folders: Folders) => trusted(folders).all();

/** "changed" comes with what the file set when it was trusted. */
export function trustOf(
  folders: Folders,
  key: TrustKey,
): { readonly state: "trusted" | "unknown" } | { readonly state: "changed"; readonly before: TrustRecord } {
  const record = own(listTrusted(folders), key.path);
  if (record === undefined) return { state: "unknown" };
  return record.sha256 === key.sha256 ? { state: "trusted" } : { state: "changed", before: record };
}

export function trust(folders: Folders, { path, sha256 }: TrustKey, settings: readonly string[]): Promise<void> {
  return trusted(folders).set(path, { sha256, at: new Date().toISOString(), settings });
}

/** Takes trust away from a file, or from every file in a folder and below it. Answers the paths. */
export async function revokeTrust(folders: Folders, path: string): Promise<readonly string[]> {
  const files = trusted(folders);
  const real = realOf(path);
  const gone = Object.keys(files.all()).filter((file) => file === real || file.startsWith(real.endsWith(sep) ? real : real + sep));
  if (gone.length > 0) await files.remove(gone);
  return gone;
}

function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
