import { statSync } from "node:fs";
import { tokenVariable } from "../../clients/token-variable.ts";
import type { Environment } from "../../model/environment.ts";
import { endWithFcc } from "../../system/end-with-fcc.ts";
import { tellGroup } from "../../system/group.ts";
import { programOnPath } from "../../system/on-path.ts";
import { redact } from "../../wire/failure/redact.ts";
import { plain, reason } from "../errors.ts";
import { showPath } from "../files/paths.ts";
import { readWithin } from "../files/read-within.ts";
import { fitsHeader } from "../schema/fits-header.ts";
import type { HeaderSource, KeySource } from "../schema/secret-sources.ts";

/** A secret, or why there is none. `from` names the source for messages, never the value. */
export type Fetched =
  | { readonly secret: string; readonly from: string; readonly notice?: string; readonly fault?: undefined }
  | { readonly fault: string; readonly from: string };

export interface SecretContext {
  readonly env: Environment;
  readonly home: string;
  /** For messages: a file in it is named in short. */
  readonly cwd: string;
  /** Where a command runs: the working folder may be a clone, in which many programs look for code (`python -m`, `npx`). */
  readonly folder?: string | undefined;
  /** Milliseconds that a command may take. */
  readonly commandTime?: number;
}

const commandTime = 10_000;
const maxSecret = 65_536;

/** Fetches one secret from a variable, a file or a command. Paths are absolute by now. */
export async function fetchSecret(source: KeySource | HeaderSource, context: SecretContext): Promise<Fetched> {
  if (source.env !== undefined) {
    const value = context.env[source.env]?.trim();
    if (value) return usable(value, source.env);
    const inside = insideSession(context.env);
    const fault = `${source.env} is not set${inside === "" ? "" : `${inside}: name a file or a command in its place`}`;
    return { fault, from: source.env };
  }
  if (source.file !== undefined) return fromFile(source.file, context);
  if (source.command !== undefined) return fromCommand(source.command, context);
  return { secret: ("value" in source && source.value) || "", from: "the configuration" };
}

/** Why a variable that the user's shell has is not there: what an agent starts is given no provider's key. Empty outside of a session. */
export function insideSession(env: Environment): string {
  return env[tokenVariable] === undefined ? "" : " in a session of fcc, which keeps keys from its agent";
}

function fromFile(path: string, { cwd, home }: SecretContext): Fetched {
  const from = showPath(path, cwd, home);
  try {
    const { mode } = statSync(path);
    const text = readWithin(path, maxSecret).trim();
    if (text === "") return { fault: `${from} is empty`, from };
    const fetched = usable(text, from);
    const open = process.platform !== "win32" && (mode & 0o077) !== 0;
    return open && fetched.fault === undefined ? { ...fetched, notice: `${from} can be read by others: chmod 600 ${from}` } : fetched;
  } catch (error) {
    return { fault: `${from} cannot be read: ${reason(error)}`, from };
  }
}

/** The first thing that the command prints, without a terminal: one that would ask must fail, not hang the launch. */
async function fromCommand([program = "", ...args]: readonly string[], context: SecretContext): Promise<Fetched> {
  const { execa } = await import("execa");
  const from = `the command ${program}`;
  const path = programOnPath(program, context.env);
  if (path === undefined) return { fault: `${from} was not found`, from };
  // Before there is a command, as in a launch: a signal is heard when this function waits, and by then there is one.
  const ended = endWithFcc(() => end());
  const child = execa(path, args, {
    ...(context.folder !== undefined && { cwd: context.folder }),
    env: { ...context.env },
    extendEnv: false,
    stdin: "ignore",
    // A session of its own has no terminal to open, and is a group that can be ended whole.
    detached: process.platform !== "win32",
    reject: false,
    maxBuffer: maxSecret,
    windowsHide: true,
  });
  const time = context.commandTime ?? commandTime;
  let late = false;
  const end = () => {
    if (child.pid !== undefined) tellGroup(child.pid, "SIGKILL");
  };
  const timer = setTimeout(() => {
    late = true;
    end();
  }, time);
  const result = await child;
  clearTimeout(timer);
  ended();
  if (late) return { fault: `${from} took longer than ${time / 1000} s`, from };
  if (result.failed) {
    const code = (result as { code?: string }).code;
    if (code === "ENOENT") return { fault: `${from} was not found`, from };
    if (code === "EACCES") return { fault: `${from} cannot be run: ${reason({ code })}`, from };
    const last = String(result.stderr ?? "")
      .trim()
      .split("\n")
      .at(-1);
    const said = plain(redact(last ?? "")).slice(0, 200);
    return { fault: `${from} ended with ${result.exitCode ?? result.signal ?? code ?? "an error"}${said && `: ${said}`}`, from };
  }
  const text = String(result.stdout).trim();
  return text === "" ? { fault: `${from} printed nothing`, from } : usable(text, from, "printed");
}

/** A secret goes into a header: one line without control characters or anything that is not Latin-1. */
function usable(text: string, from: string, verb = "holds"): Fetched {
  return text !== "" && fitsHeader.test(text)
    ? { secret: text, from }
    : { fault: `${from} ${verb} more than one line, or characters that no header can carry`, from };
}
