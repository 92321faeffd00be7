import { tmpdir } from "node:os";
import { createFolder, removeLeftOvers } from "../../launch/folder.ts";
import type { Command } from "../../launch/run.ts";
import type { Closing } from "./closing.ts";
import type { LaunchPlan } from "./plan.ts";

/** How the client is started at a proxy, with the files that it needs in a private folder, which goes when `closing` is closed. */
export function clientCommand(
  { record, program, prepare }: LaunchPlan,
  proxy: { readonly url: string; readonly token: string },
  closing: Closing,
): Command {
  removeLeftOvers(tmpdir());
  // A program that nobody knows takes all that it is told by its environment.
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
