import { isAbsolute, resolve } from "node:path";
import type { Start } from "../client.ts";
import { shellQuoted } from "../shell-quoted.ts";
import { tokenVariable } from "../token-variable.ts";

/** Its content stands before each command of the Bash tool, where CLAUDE_ENV_FILE names it. */
export const commandsFile = "commands.sh";

/**
 * Gives the commands of a session what they need to ask this launch's models. As the provider's credential ANTHROPIC_AUTH_TOKEN is taken
 * from them under CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST, and `claude -p` in a script says "Not logged in".
 */
export function forCommands({ env, extra }: Pick<Start, "env" | "extra">): string {
  const own = { ...env, ...extra.env }["CLAUDE_ENV_FILE"];
  // The client reads it once, from the folder that it starts in; a command runs wherever one before it has gone.
  const path = own === undefined || own === "" ? undefined : shellQuoted(isAbsolute(own) ? own : resolve(own));
  const theirs = path === undefined ? [] : [`[ ! -r ${path} ] || . ${path}`];
  return [`export ANTHROPIC_AUTH_TOKEN="$${tokenVariable}"`, ...theirs, ""].join("\n");
}
