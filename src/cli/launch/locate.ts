import type { Client } from "../../clients/client.ts";
import { installCommand } from "../../clients/package.ts";
import { findClient, installations, type Program } from "../../launch/find.ts";
import { removeLeftOvers } from "../../launch/folder.ts";
import { thisMachine } from "../../launch/machine.ts";
import { faultOf } from "../../launch/startable.ts";
import type { Environment } from "../../model/environment.ts";
import type { Output } from "../output.ts";
import type { Refusal } from "../refusal.ts";
import type { LaunchLine } from "../split.ts";
import { canAsk } from "../trust-question.ts";

export interface Located extends Program {
  /** The client's own arguments. */
  readonly args: readonly string[];
}

export interface Search {
  readonly env: Environment;
  readonly home: string;
  readonly data: string;
  readonly dry: boolean;
  /** The profile draws a boundary: what is installed would come from outside. */
  readonly bounded: boolean;
  readonly output: Output;
}

/** The program to start: the client where it is installed, else after it was; for `run` what the user named. */
export async function locate(
  client: Client | undefined,
  { args, options }: LaunchLine,
  { env, home, data, dry, bounded, output }: Search,
): Promise<Located | { readonly refusal: Refusal }> {
  const machine = thisMachine();
  if (client === undefined) {
    const [path = "", ...own] = args;
    const fault = dry ? undefined : faultOf(path, env, machine);
    if (fault) return { refusal: { exitCode: fault.exitCode, lines: [fault.why] } };
    return { path, before: [], args: own };
  }
  if (!dry) removeLeftOvers(installations(data));
  const found = findClient(client, { env, home, machine, data });
  if (found) return { ...found, args };
  const { package: name, version } = client.install;
  const byHand = installCommand(client.install);
  if (dry) return { path: `${client.command} (not installed: ${name} ${version} would be)`, before: [], args };
  if ((options.yes !== true || bounded) && !(canAsk() && (await askToInstall(client, bounded)))) {
    const byFcc = bounded
      ? `Under a boundary --yes installs nothing, since ${client.install.from} would fetch it from outside. Install it yourself: ${byHand}`
      : `\`fcc ${client.id} --yes ...\` installs ${name} ${version} into fcc's own folder, or install it yourself: ${byHand}`;
    return {
      refusal: {
        exitCode: 127,
        lines: [`${client.name} is not installed: no \`${client.command}\` on PATH, nor where its installers put it.`, byFcc],
      },
    };
  }
  const { installClient } = await import("../../launch/install.ts");
  const installed = await installClient(client, { env, machine, data, say: output.say });
  if ("program" in installed) return { ...installed.program, args };
  return {
    refusal: {
      exitCode: 127,
      lines: [`${client.name} could not be installed: ${installed.error}.`, `Install it yourself: ${byHand}`],
    },
  };
}

async function askToInstall({ name, install }: Client, bounded: boolean): Promise<boolean> {
  const { confirm, isCancel } = await import("../prompts.ts");
  const from = bounded ? `${install.from}, from outside the boundary,` : install.from;
  const message = `${name} is not installed. Install ${install.package} ${install.version} with ${from} into fcc's own folder?`;
  const answer = await confirm({ message, initialValue: !bounded, output: process.stderr });
  return !isCancel(answer) && answer;
}
