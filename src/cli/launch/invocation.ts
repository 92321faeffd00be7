import type { Client, Start } from "../../clients/client.ts";
import { clientNamed } from "../../clients/index.ts";
import { installCommand } from "../../clients/package.ts";
import { homeFolder } from "../../config/index.ts";
import { findClient, installations, type Program } from "../../launch/find.ts";
import { removeLeftOvers } from "../../launch/folder.ts";
import { thisMachine } from "../../launch/machine.ts";
import { faultOf } from "../../launch/startable.ts";
import type { Environment } from "../../model/environment.ts";
import { type Refusal, refused } from "../refusal.ts";
import { canAsk } from "../trust-question.ts";
import type { Launch } from "./plan.ts";
import { neededWindow } from "./room.ts";

/** What a launch starts, with its arguments. */
interface Invocation {
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
export async function invocationOf(launch: Launch): Promise<Invocation | { readonly refusal: Refusal }> {
  const { line, loaded } = launch;
  const dry = line.options["dry-run"] === true;
  const record = clientNamed(line.command);
  const settings = loaded.merged.settings.clients?.[line.command];
  const extra = { args: settings?.args ?? [], env: settings?.env ?? {} };
  const [first = "", ...rest] = line.args;
  // A program without a record is looked up on the PATH that it will be started with.
  const program = record ? await findOrInstall(record, launch, dry) : named(first, { ...process.env, ...extra.env }, dry);
  if ("refusal" in program) return program;

  const args = record ? line.args : rest;
  const all = [...extra.args, ...args];
  const elsewhere = record?.elsewhere?.(all);
  if (elsewhere && !dry) return refused(2, ...elsewhere);
  return { record, program, args, extra, needed: neededWindow(record, all) };
}

/** The program that the user names for `run`. */
function named(path: string, env: Environment, dry: boolean): Program | { readonly refusal: Refusal } {
  const fault = dry ? undefined : faultOf(path, env, thisMachine());
  return fault ? refused(fault.exitCode, fault.why) : { path, before: [] };
}

/** A client where it is installed, else after it was. */
async function findOrInstall(
  client: Client,
  { line: { options }, loaded, resolved: { profile }, output }: Launch,
  dry: boolean,
): Promise<Program | { readonly refusal: Refusal }> {
  const { env } = process;
  const { data } = loaded.folders;
  const machine = thisMachine();
  if (!dry) removeLeftOvers(installations(data));
  const found = findClient(client, { env, home: homeFolder(), machine, data });
  if (found) return found;
  const { package: name, version } = client.install;
  if (dry) return { path: `${client.command} (not installed: ${name} ${version} would be)`, before: [] };
  const byHand = installCommand(client.install);
  // What is installed would come from outside.
  const bounded = profile.boundary !== undefined;
  if ((options.yes !== true || bounded) && !(canAsk() && (await askToInstall(client, bounded)))) {
    const byFcc = bounded
      ? `Under a boundary --yes installs nothing, since ${client.install.from} would fetch it from outside. Install it yourself: ${byHand}`
      : `\`fcc ${client.id} --yes ...\` installs ${name} ${version} into fcc's own folder, or install it yourself: ${byHand}`;
    return refused(127, `${client.name} is not installed: no \`${client.command}\` on PATH, nor where its installers put it.`, byFcc);
  }
  const { installClient } = await import("../../launch/install.ts");
  const installed = await installClient(client, { env, machine, data, say: output.say });
  if ("program" in installed) return installed.program;
  return refused(127, `${client.name} could not be installed: ${installed.error}.`, `Install it yourself: ${byHand}`);
}

async function askToInstall({ name, install }: Client, bounded: boolean): Promise<boolean> {
  const { confirm, isCancel } = await import("../prompts.ts");
  const from = bounded ? `${install.from}, from outside the boundary,` : install.from;
  const message = `${name} is not installed. Install ${install.package} ${install.version} with ${from} into fcc's own folder?`;
  const answer = await confirm({ message, initialValue: !bounded, output: process.stderr });
  return !isCancel(answer) && answer;
}
