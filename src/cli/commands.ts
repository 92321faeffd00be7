import { clients } from "../clients/index.ts";
import { nameOf } from "./written-option.ts";

/** A command or an option, as it is written, and a word on it. */
export type Described = readonly [written: string, meaning: string];

/** What `fcc --help` shows; plain data, since printing it may load no library. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly Described[];
  /** What other programs call the same. */
  readonly elsewhere?: readonly string[];
  /** Has commands of its own. */
  readonly group?: true;
  /** Its own options, besides those that it shares with others (`optionsOf`). */
  readonly options?: readonly Described[];
  /** Shared options that it takes only to say why they are not for it. */
  readonly refuses?: readonly string[];
  /** Shows what a launch by the shared options would have. */
  readonly looks?: true;
  /** Takes the options of a launch, then another program's arguments. */
  readonly launches?: true;
}

export const commands: readonly Command[] = [
  ...clients.map(
    ({ id, name, examples, install }): Command => ({
      name: id,
      elsewhere: [install.package.replace(/^.*\//, "")],
      usage: `fcc ${id} [options] [${id}'s arguments]`,
      summary: `launch ${name} on the profile's models`,
      launches: true,
      examples,
    }),
  ),
  {
    name: "run",
    usage: "fcc run [options] -- <command> [arguments]",
    summary: "launch any other client, with the proxy in its environment",
    elsewhere: ["start", "launch", "exec", "serve", "proxy"],
    launches: true,
    examples: [
      ["fcc run -- bash", "a shell in which each client finds the models"],
      ["fcc run -- python agent.py", "one program"],
    ],
  },
  {
    name: "init",
    usage: "fcc init [--provider <id> --model <name>] [options]",
    summary: "find servers and keys, try models, write a configuration",
    elsewhere: ["setup", "configure", "install", "login", "auth", "add"],
    refuses: ["--config"],
    options: [
      ["--yes", "ask nothing: the options and what is found decide"],
      ["--provider <id>", "one of `fcc providers`, or any name with --base-url"],
      ["--model <name>", "the main model; nothing is asked then"],
      ["--haiku <name>", "the small model"],
      ["--base-url <url>", "where the server is; what it is, it says itself"],
      ["--key-env <name>", "the variable that holds its key"],
      ["--scope <which>", "user or project: the file that is written; user without it"],
      ["--profile <name>", "the profile to write"],
      ["--from <tool>", "claude-code-router, free-claude-code, opencode, environment"],
    ],
    examples: [
      ["fcc init", "asks"],
      ["fcc init --yes --provider ollama --model qwen3:8b", "for scripts"],
    ],
  },
  {
    name: "doctor",
    usage: "fcc doctor [client] [options]",
    looks: true,
    summary: "check what a launch needs, drive the agent once, say what to do",
    elsewhere: ["check", "status", "test", "info", "ps"],
    options: [
      ["--fix", "write down what was found out"],
      ["--no-agent", "do not drive the agent"],
      ["--json", "for programs"],
    ],
    examples: [
      ["fcc doctor", "what a launch here would meet"],
      ["fcc doctor codex --profile night --fix", "another client and profile"],
    ],
  },
  {
    name: "models",
    usage: "fcc models [options]",
    looks: true,
    summary: "every model of the configured providers: abilities, window, price",
    elsewhere: ["list", "ls"],
    options: [["--json", "for programs"]],
    examples: [
      ["fcc models", "those of all configured providers"],
      ["fcc models --profile night", "those of one profile's providers"],
    ],
  },
  {
    name: "providers",
    usage: "fcc providers [id]",
    summary: "the known providers: wire, address, key variable, documentation",
    examples: [
      ["fcc providers", "all of them"],
      ["fcc providers openrouter", "all that is known of one"],
    ],
  },
  {
    name: "config",
    usage: "fcc config show | explain [key] | path | schema",
    looks: true,
    summary: "the merged configuration, and where each value comes from",
    elsewhere: ["settings", "show"],
    group: true,
    examples: [
      ["fcc config explain profiles", "who set what, and what it overrode"],
      ["fcc config schema > fcc.schema.json", "the JSON schema, for editors"],
    ],
  },
  {
    name: "keys",
    usage: "fcc keys set <provider> | list | remove <provider>",
    summary: "store a provider's key; it is never printed again",
    group: true,
    examples: [
      ["fcc keys set openrouter", "asks for the key, hidden"],
      ["pass openrouter | fcc keys set openrouter", "reads it from standard input"],
    ],
  },
  {
    name: "trust",
    usage: "fcc trust [folder] | --revoke [folder] | --list",
    summary: "allow a project's own configuration file",
    options: [
      ["--list", "what is trusted"],
      ["--revoke", "no longer"],
      ["--yes", "for scripts; nothing is asked without it either"],
    ],
    examples: [
      ["fcc trust", "this project's file, after showing what it sets"],
      ["fcc trust --revoke", "no longer"],
    ],
  },
  {
    name: "completion",
    usage: "fcc completion bash | zsh | fish",
    summary: "print the script by which a shell completes commands and names",
    examples: [
      ['eval "$(fcc completion bash)"', "in ~/.bashrc; the same with zsh in ~/.zshrc"],
      ["fcc completion fish | source", "in ~/.config/fish/config.fish"],
    ],
  },
];

const profile: Described = ["--profile <name>", "the profile to use"];
const config: Described = ["--config <file>", "this file in place of the project's and your own"];
const quiet: Described = ["--quiet", "nothing of fcc's own on standard error but errors"];

/** Those that every command knows which reads the configuration. */
export const sharedOptions: readonly Described[] = [profile, ["--model <provider/model>", "the main model"], config, quiet];

export const launchOptions: readonly Described[] = [
  profile,
  ["--model <provider/model>", "the main model of this launch, or a .gguf file"],
  config,
  ["--dry-run", "print what would be launched, and exit"],
  ["--yes", "ask nothing; install a client, not under a boundary"],
  quiet,
  ["--trace <file>", "write what passed as JSON lines, secrets masked"],
  ["--trace-bodies", "bodies too"],
];

/** All that a command knows. What it says of a shared option itself counts for it. */
export function optionsOf({ launches, options = [] }: Command): readonly Described[] {
  if (launches) return launchOptions;
  const own = options.map(([spelling]) => nameOf(spelling));
  return [...options, ...sharedOptions.filter(([spelling]) => !own.includes(nameOf(spelling)))];
}
