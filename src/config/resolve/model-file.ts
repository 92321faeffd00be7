import { existsSync } from "node:fs";
import { basename } from "node:path";
import { expandPath } from "../files/paths.ts";

/** The provider in a target that is a model file. Only a launch knows the server that it starts for it. */
const prefix = "gguf/";
const path = /^(?:\.{1,2}|~)?[/\\]|^[A-Za-z]:[/\\]/;

/** `./qwen3-coder.gguf` as a target: `gguf/./qwen3-coder.gguf`. Anything that may be `provider/model` stays as it is. */
export function fileTarget(written: string): string {
  return /\.gguf$/i.test(written) && path.test(written) ? prefix + written : written;
}

/** The same for an argument on the command line, where a file that exists needs no `./`. */
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
