import { sep } from "node:path";
import { withWholePath } from "../resolve/model-file.ts";
import { expandPath } from "./paths.ts";
import { isTree, type Path, type Tree } from "./tree.ts";

/** A path in a file means the same wherever the command is run. */
export function absolutePaths(tree: Tree, home: string, folder: string): Tree {
  const change = (value: unknown, path: Path): unknown => {
    if (typeof value === "string" && (isFile(path) || (isProgram(path) && hasFolder(value)))) return expandPath(value, home, folder);
    if (typeof value === "string" && path[0] === "profiles" && path.at(-1) === "target") return withWholePath(value, home, folder);
    if (Array.isArray(value)) return value.map((item, index) => change(item, [...path, index]));
    return isTree(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, [...path, key])])) : value;
  };
  return change(tree, []) as Tree;
}

const hasFolder = (program: string) => program.includes("/") || program.includes(sep);

/** The program of a command: with a slash it is a path, without one it is on PATH. */
function isProgram(path: Path): boolean {
  return path[0] === "providers" && ["key", "headers", "via"].includes(String(path[2])) && path.at(-2) === "command" && path.at(-1) === 0;
}

function isFile(path: Path): boolean {
  if (path.length === 1) return path[0] === "trace";
  if (path[0] !== "providers") return false;
  const [section, last] = [path[2], path.at(-1)];
  return (
    (last === "file" && (section === "key" || section === "headers")) || (section === "tls" && ["ca", "cert", "key"].includes(String(last)))
  );
}
