import { closeSync, fstatSync, openSync } from "node:fs";
import { constants, devNull } from "node:os";
import { isatty } from "node:tty";
import { execa, type Result } from "execa";
import type { Environment } from "../model/environment.ts";
import { leaveSignalsToClient } from "../system/end-with-fcc.ts";
import { onSignals } from "../system/on-signals.ts";
import { closeOutputsAtExit } from "./close-outputs.ts";
import { createLineDropper } from "./drop-lines.ts";
import { namedDescriptors } from "./named-descriptors.ts";
import { leaveClosedTerminal, terminalModes } from "./terminal.ts";

export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  /** The whole environment; undefined is a variable that is not set. */
  readonly env: Environment;
  readonly stdin?: "inherit" | "brief";
  /** Lines on standard error that begin with this are left out. */
  readonly dropped?: string;
}

/** How a program ended: with an exit code, by a signal, or without having started. */
export type Ended =
  | { readonly code: number }
  | { readonly signal: NodeJS.Signals }
  | { readonly notStarted: string; readonly code: 126 | 127 | 1 };

/** Sent to fcc alone, these are meant for the program that runs in its place. */
const passedOn: readonly NodeJS.Signals[] = [
  ...(["SIGTERM", "SIGHUP", "SIGUSR2"] as const),
  // From limits of time or size (`timeout -s ALRM`, `ulimit -t`), and SIGABRT, which dumps core: fcc has a folder to remove first.
  ...(["SIGALRM", "SIGVTALRM", "SIGXCPU", "SIGXFSZ", "SIGABRT"] as const),
];
/** A terminal sends these to every process of the foreground group, so the client has them already: a second ^C would make it quit. */
const fromTerminal: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGBREAK"];
/** For three pipes, and what tells of a failed start. */
const neededDescriptors = 8;
/** Milliseconds to wait for a standard input that stays open and silent, the same as Claude Code's own. */
const patience = 3_000;

/** Runs a program as if it had replaced this process: with its terminal, its signals, its way to end. */
export async function runClient({ path, args, env, stdin, dropped }: Command, say: (line: string) => void): Promise<Ended> {
  requireDescriptors();
  const modes = terminalModes();
  const brief = stdin === "brief" && isPiped();
  // Without listeners, Node would die of these signals before the client has handled them, and execa would kill the client. They are added
  // before `child` exists, which is safe: a listener runs only when this function waits, and by then it does.
  leaveSignalsToClient();
  const stopPassingOn = onSignals([...passedOn, ...fromTerminal], (signal) => {
    if (isForFcc(signal)) child.kill(signal);
  });
  // SIGIOT is SIGABRT by another name, and execa listens to it too: as the only listener it would kill the client.
  const stopIgnoring = onSignals(["SIGIOT"], () => {});
  const child = execa(path, args, {
    env,
    extendEnv: false,
    stdio: [brief ? "pipe" : "inherit", "inherit", dropped === undefined ? "inherit" : "pipe", ...namedDescriptors(args)],
    buffer: false,
    reject: false,
    forceKillAfterDelay: false,
  });
  if (dropped !== undefined && child.stderr) passOn(child.stderr, dropped);
  closeOutputsAtExit(child);
  const stopFeeding = brief && child.stdin ? feed(child.stdin, say) : undefined;
  const result = await child;
  stopFeeding?.();
  stopPassingOn();
  stopIgnoring();
  if (result.signal !== undefined) {
    modes.restore();
    return { signal: result.signal };
  }
  return result.exitCode === undefined ? neverBegun(path, result) : { code: result.exitCode };
}

/**
 * Throws where a limit leaves too few open files to start a program: Node would tell it by an event of a process to which nobody can listen
 * yet.
 */
function requireDescriptors(): void {
  const opened: number[] = [];
  try {
    while (opened.length < neededDescriptors) opened.push(openSync(devNull, "r"));
  } catch (error) {
    // A sandbox may have no /dev, and a client starts there all the same.
    if (["EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** Why a program did not start, in a shell's words and with its exit codes. */
function neverBegun(path: string, { cause, code, shortMessage }: Pick<Result, "cause" | "code" | "shortMessage">): Ended {
  const error = (cause ?? {}) as NodeJS.ErrnoException;
  const why = error.code ?? code;
  if (why === "ENOENT") return { notStarted: `${path} is not there, or the interpreter that it names is not`, code: 127 };
  if (why === "EACCES" || why === "ENOEXEC") return { notStarted: `${path} cannot be run (${why})`, code: 126 };
  if (why === "E2BIG") return { notStarted: "the arguments and the environment are too long for this system", code: 1 };
  return { notStarted: error.message ?? shortMessage ?? "the client did not start", code: 1 };
}

/** Ends this process the way the client ended, so that a shell sees no difference. Returns where a signal did not end it. */
export function endLike(ended: Ended): number {
  if ("code" in ended) {
    leaveClosedTerminal();
    return ended.code;
  }
  process.removeAllListeners(ended.signal);
  process.kill(process.pid, ended.signal);
  // The signal's default action was to do nothing.
  return 128 + (constants.signals[ended.signal] ?? 0);
}

/**
 * Whether a signal came to fcc alone, and is to be passed on. On Windows each comes from the console, to every program in it (SIGHUP: the
 * console is being closed), and passing it on would terminate the client abruptly.
 */
function isForFcc(signal: NodeJS.Signals): boolean {
  return process.platform !== "win32" && (passedOn.includes(signal) || !hasTerminal());
}

/** Asked of the system: touching Node's own stream for a pipe would make the pipe non-blocking, for the client too. */
function hasTerminal(): boolean {
  return [0, 1, 2].some(isatty);
}

function isPiped(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

function passOn(from: NodeJS.ReadableStream, dropped: string): void {
  const dropper = createLineDropper(dropped);
  from.on("data", (bytes: Buffer) => process.stderr.write(dropper.push(bytes)));
  from.on("close", () => process.stderr.write(dropper.end()));
}

/** Passes standard input on to the client, and ends it if nothing comes, not even its end: the client would wait forever. */
function feed(into: NodeJS.WritableStream, say: (line: string) => void): () => void {
  const from = process.stdin;
  into.on("error", () => {});
  const timer = setTimeout(() => {
    say("nothing came on standard input, going on without it (</dev/null says so at once)");
    stop();
    into.end();
  }, patience);
  const stop = () => {
    clearTimeout(timer);
    from.unpipe(into);
    from.destroy();
  };
  from.once("data", () => clearTimeout(timer));
  from.once("end", () => clearTimeout(timer));
  from.pipe(into);
  return stop;
}
