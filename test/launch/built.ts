import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { apart, define, entries, finish, unused } from "../../tsup.config.ts";
import { bundleModules } from "../support/bundle.mjs";

/** Bundles fcc as it is published, but for minifying, into a folder of its own. */
export async function bundleProgram(): Promise<{ readonly program: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "fcc built "));
  await build({
    entryPoints: entries,
    absWorkingDir: resolve(import.meta.dirname, "../.."),
    outdir: folder,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    plugins: [unused, apart],
    define,
    logLevel: "error",
  });
  finish(folder);
  return { program: join(folder, "fcc.js"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Bundles a program of the tests' own. */
export async function bundle(entry: string): Promise<{ readonly program: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "fcc built "));
  await bundleModules({ program: entry }, folder, { splitting: true });
  return { program: join(folder, "program.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** Resolves when the text was printed on standard output. */
  printed(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly stdin: NodeJS.WritableStream | null;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: "ignore" | "pipe";
}

/** Runs a program without a terminal and with nothing of this process's environment but PATH. */
export function run(program: string, args: readonly string[], { env = {}, cwd, stdin = "ignore" }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: [stdin, "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const one of waiting) if (stdout.includes(one.text)) one.resolve();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return {
    pid: child.pid ?? 0,
    printed: (text) =>
      new Promise((resolve) => {
        if (stdout.includes(text)) resolve();
        else waiting.push({ text, resolve });
      }),
    kill: (signal) => child.kill(signal),
    stdin: child.stdin,
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    }),
  };
}
