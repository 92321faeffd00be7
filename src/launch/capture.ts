import { execa } from "execa";
import type { Environment } from "../model/environment.ts";
import { closeOutputsAtExit } from "./close-outputs.ts";

interface Capturing {
  readonly path: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Environment;
  readonly cwd?: string;
  /** Milliseconds. */
  readonly patience: number;
}

interface Captured {
  /** It ran to its end with code 0. */
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended where it did not end well: "exit code 1", "not over after 600 s". */
  readonly ended?: string;
}

/** Runs a program beside this one, without a terminal and with nothing on standard input, and keeps what it says. */
export async function capture({ path, args, env, cwd, patience }: Capturing): Promise<Captured> {
  const child = execa(path, args, {
    env,
    extendEnv: false,
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "ignore",
    reject: false,
    timeout: patience,
    forceKillAfterDelay: 2000,
    maxBuffer: 10_000_000,
  });
  closeOutputsAtExit(child);
  const result = await child;
  const { stdout, stderr } = result;
  if (!result.failed) return { ok: true, stdout, stderr };
  if (result.timedOut) return { ok: false, stdout, stderr, ended: `not over after ${patience / 1000} s` };
  const { exitCode, signal, shortMessage } = result;
  return { ok: false, stdout, stderr, ended: exitCode === undefined ? (signal ?? shortMessage ?? "not started") : `exit code ${exitCode}` };
}
