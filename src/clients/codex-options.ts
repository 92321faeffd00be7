import type { OptionTable } from "./options.ts";

/** Codex's options that take values, as `codex --help` and `codex exec --help` of 0.169.0 list them. */
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
  valued: {
    "--config": "one",
    "--enable": "one",
    "--disable": "one",
    "--remote": "one",
    "--remote-auth-token-env": "one",
    "--image": "many",
    "--model": "one",
    "--local-provider": "one",
    "--profile": "one",
    "--sandbox": "one",
    "--cd": "one",
    "--add-dir": "one",
    "--ask-for-approval": "one",
    "--thread-source": "one",
    "--cyber-access-program": "one",
    "--output-schema": "one",
    "--color": "one",
    "--output-last-message": "one",
  },
};

/** Commands that start a session on a model. */
export const sessionCommands: ReadonlySet<string> = new Set(["exec", "e", "review", "resume", "fork", "agents", "app-server"]);

/** Those of them that open the same screen as no command does. */
export const terminalCommands: ReadonlySet<string> = new Set(["resume", "fork", "agents"]);

/** Commands that do not; any other first word is a prompt. */
export const otherCommands: ReadonlySet<string> = new Set([
  "login",
  "logout",
  "mcp",
  "plugin",
  "remote-control",
  "completion",
  "update",
  "doctor",
  "sandbox",
  "debug",
  "apply",
  "a",
  "queue",
  "archive",
  "delete",
  "migrate-rollouts",
  "migrate-nfs-db",
  "unarchive",
  "cloud",
  "exec-server",
  "features",
  "help",
]);
