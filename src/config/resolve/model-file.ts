import { existsSync } from "node:fs";
import { basename } from "node:path";
import { expandPath } from "../files/paths.ts";

/** Before a path, where a target stands for a file: only a launch knows the server that it starts on it. */
const prefix = "gguf/";
const path = /^(?:\.{1,2}|~)?[/\\]|^[A-Za-z]:[/\\]/;

/** `./qwen3-coder.gguf` as a target: `gguf/./qwen3-coder.gguf`. What may be provider/model stays as it is. */
export function fileTarget(written: string): string {
  return /\.gguf$/i.test(written) && path.test(written) ? prefix + written : written;
}

/** The same for a word of the command line, where the name of a file that is there needs no `./`. */
export function fileTargetHere(written: string, home: string, cwd: string): string {
  const isThere = /\.gguf$/i.test(written) && !written.startsWith(prefix) && existsSync(expandPath(written, home, cwd));
  return withWholePath(isThere ? prefix + written : fileTarget(written), home, cwd);
}

/** A path means the same wherever the command is run. */
export function withWholePath(target: string, home: string, folder: string): string {
  return target.startsWith(prefix) ? prefix + expandPath(target.slice(prefix.length), home, folder) : target;
}

/** The name of a model file for people and servers: without its folder and its ending. */
export function modelOfFile(file: string): string {
  return basename(file).replace(/\.gguf$/i, "");
}
