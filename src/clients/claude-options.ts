import { hasOption, type OptionTable, type Scanned } from "./options.ts";

/** Claude Code's options that take values, as `claude --help` of 2.1.330 lists them. */
export const claudeOptions: OptionTable = {
  alias: {
    "-d": "--debug",
    "-n": "--name",
    "-p": "--print",
    "-r": "--resume",
    "-w": "--worktree",
    "-h": "--help",
    "-v": "--version",
    "--allowed-tools": "--allowedTools",
    "--disallowed-tools": "--disallowedTools",
  },
  valued: {
    "--add-dir": "many",
    "--agent": "one",
    "--agents": "one",
    "--allowedTools": "many",
    "--append-system-prompt": "one",
    "--append-system-prompt-file": "one",
    "--autocompact": "one",
    "--betas": "many",
    "--cloud": "optional",
    "--debug": "optional",
    "--debug-file": "one",
    "--disallowedTools": "many",
    "--effort": "one",
    "--environment": "one",
    "--fallback-model": "one",
    "--file": "many",
    "--from-pr": "optional",
    "--input-format": "one",
    "--json-schema": "one",
    "--max-budget-usd": "one",
    "--max-turns": "one",
    "--mcp-config": "many",
    "--model": "one",
    "--name": "one",
    "--output-format": "one",
    "--permission-mode": "one",
    "--permission-prompt-tool": "one",
    "--permission-prompts": "one",
    "--plugin-dir": "one",
    "--plugin-url": "one",
    "--prompt-suggestions": "optional",
    "--remote-control": "optional",
    "--remote-control-session-name-prefix": "one",
    "--resume": "optional",
    "--session-id": "one",
    "--setting-sources": "one",
    "--settings": "one",
    "--system-prompt": "one",
    "--system-prompt-file": "one",
    "--system-prompt-snapshot": "one",
    "--teleport": "optional",
    "--tools": "many",
    "--worktree": "optional",
  },
};

/** Commands that start no session on a model, and their other names. */
const claudeCommands: ReadonlySet<string> = new Set([
  "agents",
  "attach",
  "auth",
  "auto-mode",
  "config",
  "doctor",
  "gateway",
  "help",
  "import",
  "install",
  "kill",
  "logs",
  "mcp",
  "migrate-installer",
  "plugin",
  "plugins",
  "purge",
  "respawn",
  "rm",
  "setup-token",
  "stop",
  "ultrareview",
  "update",
  "upgrade",
]);

/** Sessions that Claude Code starts by another process, which outlives the launch, or has nothing of its environment. */
export function startsElsewhere(scanned: Scanned): readonly [reason: string, instead: string] | undefined {
  if (!startsSession(scanned)) return undefined;
  if (hasOption(scanned, "--tmux"))
    return [
      "with --tmux a tmux server starts the session, which does not get this launch's environment: its requests would go to Anthropic.",
      "Start fcc in tmux instead: `tmux new-session fcc claude --worktree`.",
    ];
  if (hasOption(scanned, "--bg", "--background"))
    return ["a session in the background outlives this launch, and with it the way to its models.", "Leave --bg out."];
  return undefined;
}

export function startsSession(scanned: Scanned): boolean {
  return !hasOption(scanned, "--help", "--version") && !claudeCommands.has(scanned.operand ?? "");
}
