import { type OptionTable, valuedOptions } from "../options.ts";

/** Qwen Code's options that take values, as `qwen --help` of 0.24.4 lists them. */
export const qwenOptions: OptionTable = {
  alias: {
    "-m": "--model",
    "-p": "--prompt",
    "-i": "--prompt-interactive",
    "-e": "--extensions",
    "-l": "--list-extensions",
    "-o": "--output-format",
    "-r": "--resume",
    "-h": "--help",
    "-v": "--version",
  },
  valued: valuedOptions({
    one:
      "--telemetry-target --telemetry-otlp-endpoint --telemetry-otlp-protocol --telemetry-outfile --proxy --model --prompt " +
      "--prompt-interactive --system-prompt --append-system-prompt --output-style --sandbox-image --approval-mode --channel --mcp-config " +
      "--openai-logging-dir --openai-api-key --openai-base-url --input-format --output-format --json-fd --json-file --json-schema " +
      "--input-file --session-id --max-session-turns --max-wall-time --max-tool-calls --max-subagent-depth --auth-type",
    optional: "--resume --worktree",
    many:
      "--fallback-model --allowed-mcp-server-names --allowed-tools --extensions --include-directories --add-dir --core-tools " +
      "--exclude-tools --disabled-slash-commands",
  }),
  noSession: {
    options: ["--help", "--version", "--list-extensions"],
    commands: new Set("auth board channel extensions hooks mcp sandbox sessions update".split(" ")),
  },
};
