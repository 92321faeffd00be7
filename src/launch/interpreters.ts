import { execaSync } from "execa";
import type { NodePackage, PythonPackage } from "../clients/package.ts";
import { compareVersions } from "../clients/version.ts";
import type { Environment } from "../model/environment.ts";
import { programOnPath } from "../system/on-path.ts";

type Interpreter = { readonly path: string } | { readonly error: string };

/** The Node that a package runs on: this process's own where it is new enough, else the one on PATH. */
export function nodeFor({ node: oldest }: NodePackage, env: Environment): Interpreter {
  const own = process.versions.node;
  if (compareVersions(own, oldest) >= 0) return { path: process.execPath };
  const onPath = installed("node", env);
  if (onPath !== undefined && compareVersions(onPath.version, oldest) >= 0) return { path: onPath.path };
  const other = onPath?.version ?? own;
  const seen = other === own ? `this is ${own}` : `fcc runs on ${own}, and \`node\` on PATH is ${other}`;
  return { error: `it needs Node ${oldest} or later (${seen})` };
}

/** The newest Python on PATH that a package runs on. */
export function pythonFor({ python: { from, below } }: PythonPackage, env: Environment): Interpreter {
  const [major = 3, first = 0] = from.split(".").map(Number);
  const [, end = 0] = below.split(".").map(Number);
  const named = Array.from({ length: Math.max(0, end - first) }, (_, index) => `python${major}.${end - 1 - index}`);
  const others: string[] = [];
  for (const name of [...named, "python3", "python"]) {
    const onPath = installed(name, env);
    if (onPath === undefined) continue;
    const { path, version } = onPath;
    if (compareVersions(version, from) >= 0 && compareVersions(version, below) < 0) return { path };
    others.push(version);
  }
  const seen = others.length === 0 ? "there is none on PATH" : `on PATH is ${[...new Set(others)].join(", ")}`;
  return { error: `it needs Python ${from} or later, before ${below} (${seen})` };
}

/** undefined: it is not there, or does not run. */
function installed(name: string, env: Environment): { readonly path: string; readonly version: string } | undefined {
  const path = programOnPath(name, env);
  if (path === undefined) return undefined;
  const result = execaSync(path, ["--version"], { env, extendEnv: false, stdin: "ignore", reject: false, timeout: 10_000 });
  const version = result.failed ? undefined : /\d+\.\d+\.\d+/.exec(`${result.stdout}${result.stderr}`)?.[0];
  return version === undefined ? undefined : { path, version };
}
