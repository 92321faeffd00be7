import { type Configuration, loadConfiguration } from "../config/index.ts";
import { rows } from "../providers/index.ts";
import type { Context } from "./program.ts";
import { askForTrust } from "./trust-question.ts";

/** The configuration for a command that only looks at it; its errors and notices are told. Undefined: told, exit 2. */
export async function readConfiguration({ options, output }: Context): Promise<Configuration | undefined> {
  const loaded = await loadConfiguration({ cwd: process.cwd(), env: process.env, rows, options, decide: askForTrust });
  if (loaded.error) {
    output.refuse(loaded.error);
    return undefined;
  }
  for (const notice of loaded.notices) output.say(notice);
  return loaded;
}
