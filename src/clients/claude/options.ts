import { hasOption, type OptionTable, scanOptions, valuedOptions } from "../options.ts";

/** Claude Code's options that take values, as `claude --help` of 2.1.332 lists them. */
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
  valued: valuedOptions({
    one:
      "--agent --agents --append-system-prompt --append-system-prompt-file --autocompact --debug-file --effort --environment " +
      "--fallback-model --input-format --json-schema --max-budget-usd --max-turns --model --name --output-format --permission-mode " +
      "--permission-prompt-tool --permission-prompts --plugin-dir --plugin-url --remote-control-session-name-prefix --session-id " +
      "--setting-sources --settings --system-prompt --system-prompt-file --system-prompt-snapshot",
    optional: "--cloud --debug --from-pr --prompt-suggestions --remote-control --resume --teleport --worktree",
    many: "--add-dir --allowedTools --betas --disallowedTools --file --mcp-config --tools",
  }),
  noSession: {
    options: ["--help", "--version"],
    commands: new Set(
      (
        "agents attach auth auto-mode doctor gateway import install kill logs mcp plugin plugins purge " +
        "respawn rm setup-token stop ultrareview update upgrade"
      ).split(" "),
    ),
    asking: ["auto-mode critique", "plugin eval", "plugins eval"],
  },
};

/** Sessions that Claude Code starts by another process, which outlives the launch, or has nothing of its environment. */
export function startsElsewhere(args: readonly string[]): readonly [reason: string, instead: string] | undefined {
  const scanned = scanOptions(args, claudeOptions);
  if (!scanned.startsSession) return undefined;
  if (hasOption(scanned, "--tmux"))
    return [
      "with --tmux a tmux server starts the session, which does not get this launch's environment: its requests would go to Anthropic.",
      "Start fcc in tmux instead: `tmux new-session fcc claude --worktree`.",
    ];
  if (hasOption(scanned, "--bg", "--background"))
    return ["a session in the background outlives this launch, and with it the way to its models.", "Leave --bg out."];
  return undefined;
}
