import { type OptionTable, valuedOptions } from "../options.ts";

/** Aider's options that take values, as its parser of 0.86.2 has them. */
export const aiderOptions: OptionTable = {
  alias: {
    "--models": "--list-models",
    "--chat-mode": "--edit-format",
    "--msg": "--message",
    "-m": "--message",
    "-f": "--message-file",
    "-c": "--config",
    "-h": "--help",
  },
  valued: valuedOptions({
    one:
      "--aiderignore --alias --analytics-log --analytics-posthog-host --analytics-posthog-project-api-key --anthropic-api-key --api-key " +
      "--apply --assistant-output-color --cache-keepalive-pings --chat-history-file --chat-language --code-theme --commit-language " +
      "--commit-prompt --completion-menu-bg-color --completion-menu-color --completion-menu-current-bg-color " +
      "--completion-menu-current-color --config --edit-format --editor --editor-edit-format --editor-model --encoding --env-file --file " +
      "--input-history-file --line-endings --lint-cmd --list-models --llm-history-file --load --map-multiplier-no-files --map-refresh " +
      "--map-tokens --max-chat-history-tokens --message --message-file --model --model-metadata-file --model-settings-file " +
      "--notifications-command --openai-api-base --openai-api-deployment-id --openai-api-key --openai-api-type --openai-api-version " +
      "--openai-organization-id --read --reasoning-effort --set-env --shell-completions --test-cmd --thinking-tokens --timeout " +
      "--tool-error-color --tool-output-color --tool-warning-color --user-input-color --voice-format --voice-input-device " +
      "--voice-language --weak-model",
  }),
  // Its parser takes `--yes` for `--yes-always`.
  flags: ["--dry-run", "--yes"],
  noSession: {
    options: [
      ...["--help", "--version", "--list-models", "--just-check-update", "--upgrade", "--update", "--install-main-branch"],
      "--shell-completions",
    ],
    commands: new Set(),
  },
};
