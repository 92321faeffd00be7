import type { Start } from "../client.ts";
import { tokenVariable } from "../token-variable.ts";

/** Its content stands before each command of the Bash tool, where CLAUDE_ENV_FILE names it. */
export const commandsFile = "commands.sh";

/**
 * Gives the commands of a session what they need to ask this launch's models. As the provider's credential ANTHROPIC_AUTH_TOKEN is taken
 * from them under CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST, and `claude -p` in a script says "Not logged in".
 */
export function forCommands({ env }: Pick<Start, "env">): string {
  const own = env["CLAUDE_ENV_FILE"];
  const theirs = own === undefined || own === "" ? [] : [`[ ! -r ${quoted(own)} ] || . ${quoted(own)}`];
  return [`export ANTHROPIC_AUTH_TOKEN="$${tokenVariable}"`, ...theirs, ""].join("\n");
}

const quoted = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`;
