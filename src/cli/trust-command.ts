import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { findProjectFile, foldersOf, listTrusted, plain, revokeTrust, showPath, trustProject, type Untrusted } from "../config/index.ts";
import { rows } from "../providers/index.ts";
import { columns, print } from "./print.ts";
import type { Context } from "./program.ts";
import type { LaunchOptions } from "./split.ts";
import { reviewLines } from "./trust-question.ts";

/** Allows a project's file, after showing what it sets; to name the command is to say yes. */
export async function trustFolder({ output, options }: Context, named?: string): Promise<number> {
  const { revoke, list }: LaunchOptions & { readonly revoke?: true; readonly list?: true } = options;
  const folders = foldersOf({ env: process.env });
  // From no folder: what is trusted has the same name wherever it is asked for.
  const shown = (path: string) => plain(showPath(path, path, folders.home));
  if (list && revoke)
    return output.fail(["option '--list' cannot be used with option '--revoke'", "`fcc trust --help` shows how it is used."]);
  if (list && named !== undefined)
    return output.fail(["--list takes no folder: it shows all that is trusted.", "`fcc trust --help` shows how it is used."]);
  if (list) {
    const trusted = listTrusted(folders);
    return print(columns(Object.entries(trusted).map(([path, { at }]) => [at.slice(0, 10), shown(path)])));
  }
  const folder = named ?? ".";
  const cwd = resolve(folder);
  if (revoke) {
    const below = await revokeTrust(folders, cwd);
    // As trust is given from a folder inside, it is taken.
    const file = below.length > 0 ? undefined : await findProjectFile(cwd, folders);
    const gone = file === undefined ? below : await revokeTrust(folders, file.path);
    if (gone.length === 0) output.fail([`nothing in ${folder} is trusted.`, "`fcc trust --list` shows what is."]);
    for (const path of gone) output.say(`${shown(path)} is no longer trusted`);
    return gone.length === 0 ? 2 : 0;
  }
  // Above a folder that is mistyped another file would be found, and trusted.
  if (!existsSync(cwd)) return output.fail([`there is no folder ${folder}.`]);
  const show = (untrusted: Untrusted) => process.stderr.write(`${reviewLines(untrusted).join("\n")}\n`);
  const trusted = await trustProject({ cwd, env: process.env, rows, show });
  if (trusted.error) return output.refuse(trusted.error);
  const { state, label } = trusted;
  if (state === "no file") return output.fail([`there is no configuration file in ${plain(cwd)} or above it.`]);
  output.say(state === "needs none" ? `${label} needs no trust, or has it already` : `${label} is trusted from now on, until it changes`);
  return 0;
}
