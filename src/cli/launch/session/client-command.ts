import { tmpdir } from "node:os";
import { createFolder, removeLeftOvers } from "../../../launch/folder.ts";
import type { Command } from "../../../launch/run.ts";
import type { Closing } from "../closing.ts";
import type { LaunchPlan } from "../plan.ts";

/** The command that starts the client at a proxy. Files that it needs are written to a private folder, which `closing` removes. */
export function clientCommand(
  { record, program, prepare }: Pick<LaunchPlan, "record" | "program" | "prepare">,
  proxy: { readonly url: string; readonly token: string },
  closing: Closing,
): Command {
  removeLeftOvers(tmpdir());
  // A program without a record gets everything through its environment.
  const folder = record && createFolder(tmpdir());
  closing.push(() => folder?.remove());
  const { args, env, files, stdin, dropped } = prepare({ proxy, folder: folder?.path ?? "" });
  for (const { name, content } of files) folder?.write(name, content);
  return {
    path: program.path,
    args: [...program.before, ...args],
    env: { ...process.env, ...env },
    ...(stdin === undefined ? {} : { stdin }),
    ...(dropped === undefined ? {} : { dropped }),
  };
}
