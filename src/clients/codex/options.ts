import { type OptionTable, valuedOptions } from "../options.ts";

/** Codex's options that take values, as `codex --help` and `codex exec --help` of 0.171.0 list them. */
export const codexOptions: OptionTable = {
  alias: {
    "-c": "--config",
    "-i": "--image",
    "-m": "--model",
    "-p": "--profile",
    "-s": "--sandbox",
    "-C": "--cd",
    "-a": "--ask-for-approval",
    "-o": "--output-last-message",
    "-h": "--help",
    "-V": "--version",
  },
  valued: valuedOptions({
    one:
      "--config --enable --disable --remote --remote-auth-token-env --model --local-provider --profile --sandbox --cd --add-dir " +
      "--ask-for-approval --thread-source --cyber-access-program --output-schema --color --output-last-message",
    many: "--image",
  }),
  noSession: {
    options: ["--help", "--version"],
    // Any other first word is a prompt.
    commands: new Set(
      (
        "login logout mcp plugin remote-control completion update doctor sandbox debug apply a queue archive delete migrate-rollouts " +
        "migrate-nfs-db unarchive cloud exec-server features help"
      ).split(" "),
    ),
  },
};

/** Commands that start a session on a model. */
export const sessionCommands: ReadonlySet<string> = new Set(["exec", "e", "review", "resume", "fork", "agents", "app-server"]);

/** Those of them that open the same screen as no command does. */
export const terminalCommands: ReadonlySet<string> = new Set(["resume", "fork", "agents"]);
