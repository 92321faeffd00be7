import type { Environment } from "../model/environment.ts";
import type { Tier } from "../model/tiers.ts";
import type { OptionTable } from "./options.ts";
import type { Package } from "./package.ts";

/**
 * A coding agent that fcc can launch. A record: everything in it is pure, the processes are `launch/`'s. One that stands in the list of
 * `index.ts` has its command, its help, its place in the configuration and in `fcc doctor`.
 */
export interface Client<P extends Package = Package> {
  /** The command of fcc: `fcc claude`. */
  readonly id: string;
  readonly name: string;
  /** The program, as it is found on PATH. */
  readonly command: string;
  /** What `fcc <id> --help` shows: a command and its meaning. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly install: P;
  /** The oldest version that has what a launch sets; older ones are not known to obey it. */
  readonly oldest: string;
  /** Folders below the home folder where its own installers put it, beside PATH and those of the package managers. */
  readonly folders: readonly string[];
  /** Its options that take values, those of its flags that an option of fcc's is called like, and what starts no session. */
  readonly options: OptionTable;
  /** Tokens of the first request before the user has said anything, as these arguments make it. Zero: they start no session. */
  fixedPrompt(args: readonly string[]): number;
  /** Options that leave it fewer tools, for windows that do not hold all of them; the most tools first. To stand before the others. */
  withFewerTools?(args: readonly string[]): readonly { readonly option: string; readonly tools: string }[];
  /** Arguments by which its session would run where this launch is not: why, and what to do instead. */
  elsewhere?(args: readonly string[]): readonly [reason: string, instead: string] | undefined;
  /** The arguments by which it does one task in the current folder without asking. */
  task(text: string): readonly string[];
  prepare(start: Start): Prepared;
}

/** `process.platform` and `process.arch`; musl is Linux without glibc. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly musl: boolean;
}

/** What a client is started with. */
export interface Start {
  readonly proxy: { readonly url: string; readonly token: string };
  readonly models: { readonly main: ClientModel; readonly tiers: Readonly<Record<Tier, ClientModel>>; readonly subagent?: ClientModel };
  /** The user's own arguments for the client, in order. */
  readonly args: readonly string[];
  /** Arguments and environment that configuration adds to each launch. */
  readonly extra: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  readonly env: Environment;
  /** The private folder of this launch, which exists; files named in `Prepared.files` will stand there. */
  readonly folder: string;
  /** The content of a file that the user's arguments name, or that a record knows of; undefined where it does not read. */
  readonly read: (path: string) => string | undefined;
  /** A boundary is set: close what can be closed. */
  readonly bounded: boolean;
}

export interface ClientModel {
  /** The name that the client uses on the wire: `opus:qwen3-coder`. */
  readonly wireId: string;
  /** `ollama/qwen3-coder`, for people. */
  readonly label: string;
  readonly context?: number;
  readonly maxOutput?: number;
  readonly behavesAs?: string;
  /** How hard it can be asked to think, the least first; absent where it cannot be asked. */
  readonly efforts?: readonly string[];
  /** false: it does not understand pictures. */
  readonly images?: boolean;
}

export interface Prepared {
  readonly args: readonly string[];
  /** Over the user's environment; undefined takes a variable away. */
  readonly env: Environment;
  /** Written into the private folder before the start. */
  readonly files: readonly { readonly name: string; readonly content: string }[];
  /** "brief": the client waits for the end of a piped standard input before it begins, so one that brings nothing is closed for it. */
  readonly stdin?: "inherit" | "brief";
  /** Lines on standard error that begin so are the client's talk about our model ids, and are left out. */
  readonly dropped?: string;
}
