// `npm run demo`: from a clean clone to the real Claude Code on the built-in stand-in model. Installs and builds where that was not
// done, and lets fcc install Claude Code into its own data folder where the machine has none. What follows `--` is Claude Code's.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const fcc = join(root, "dist/fcc.js");

/** Standard output belongs to the client alone, so npm's goes to standard error. */
function npm(...args) {
  process.stderr.write(`npm ${args.join(" ")} ...\n`);
  const { status } = spawnSync("npm", args, {
    cwd: root,
    stdio: ["ignore", process.stderr, "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Something was changed since the bundle was written. */
function isStale() {
  if (!existsSync(fcc)) return true;
  const built = statSync(fcc).mtimeMs;
  const sources = readdirSync(join(root, "src"), { recursive: true }).map((name) => join(root, "src", name));
  return [...sources, join(root, "package.json"), join(root, "bin/fcc.ts")].some((path) => statSync(path).mtimeMs > built);
}

if (!existsSync(join(root, "node_modules/.package-lock.json"))) npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
if (isStale()) npm("run", "--silent", "build");

const { status, signal } = spawnSync(process.execPath, [fcc, "claude", "--yes", "--profile", "demo", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = signal ? 1 : (status ?? 1);
