import { promises as files, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../system/make-folder.ts";
import { replaceFile } from "./replace-file.ts";

/** Writes a file that only its owner can read: 0600 in a folder of 0700. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const folder = dirname(path);
  makeFolder(folder);
  await files.chmod(folder, 0o700);
  await replaceFile(path, content, { fresh: 0o600 });
}

/** Parsed JSON, or undefined where there is no such file or it is no JSON. */
export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    // Of a folder in its place the system says only that it is one.
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}
