import type { Client, Start } from "../../clients/client.ts";
import { clientNamed } from "../../clients/index.ts";
import { homeFolder } from "../../config/index.ts";
import type { Program } from "../../launch/find.ts";
import type { Refusal } from "../refusal.ts";
import { locate } from "./locate.ts";
import type { Launch } from "./plan.ts";
import { neededWindow } from "./room.ts";

/** What a launch starts, with its arguments. */
export interface Invocation {
  /** Undefined for `fcc run`, whose program has no record. */
  readonly record: Client | undefined;
  readonly program: Program;
  /** The client's own arguments. */
  readonly args: readonly string[];
  readonly extra: Start["extra"];
  /** The context window that the client needs, in tokens; zero where it starts no session. */
  readonly needed: number;
}

/** What the command line and the client's settings start, if the client is installed and can run in this launch. */
export async function invocationOf({
  line,
  loaded: { merged, folders },
  resolved: { profile },
  output,
}: Launch): Promise<Invocation | { readonly refusal: Refusal }> {
  const dry = line.options["dry-run"] === true;
  const record = clientNamed(line.command);
  const settings = merged.settings.clients?.[line.command];
  // A program without a record is looked up on the PATH that it will be started with.
  const env = record ? process.env : { ...process.env, ...settings?.env };
  const bounded = profile.boundary !== undefined;
  const located = await locate(record, line, { env, home: homeFolder(), data: folders.data, dry, bounded, output });
  if ("refusal" in located) return located;

  const { args, ...program } = located;
  const extra = { args: settings?.args ?? [], env: settings?.env ?? {} };
  const all = [...extra.args, ...args];
  const elsewhere = record?.elsewhere?.(all);
  if (elsewhere && !dry) return { refusal: { exitCode: 2, lines: elsewhere } };
  return { record, program, args, extra, needed: neededWindow(record, all) };
}
