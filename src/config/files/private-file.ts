import { promises as files, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../system/make-folder.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import { replaceFile } from "./replace-file.ts";

/** Writes a file that only its owner can read: 0600 in a folder of 0700. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const folder = dirname(path);
  makeFolder(folder);
  await files.chmod(folder, 0o700);
  await replaceFile(path, content, { fresh: 0o600 });
}

/** Parsed JSON, or undefined where there is no such file, or nothing in it. One that is no JSON is refused as the system refuses a file. */
export function readJsonFile(path: string): unknown {
  try {
    const text = readFileSync(path, "utf8");
    return text.trim() === "" ? undefined : parseJsonFile(text);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    // V8's own sentence quotes the text, which may hold a key.
    if (error instanceof SyntaxError) throw Object.assign(new Error(`${path} is no JSON`), { code: noJson, syscall: "read", path });
    // Of a folder in its place the system says only that it is one.
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

/** The system's code for what cannot be parsed. */
export const noJson = "EBADMSG";
