import type { Client, Machine, Start } from "./client.ts";
import { catalogue } from "./codex/catalogue.ts";
import { codexOptions, sessionCommands, terminalCommands } from "./codex/options.ts";
import { jsonFile } from "./json.ts";
import { withoutProxy } from "./no-proxy.ts";
import { hasOption, scanOptions } from "./options.ts";
import type { NativePackage } from "./package.ts";
import { tokenVariable } from "./token-variable.ts";
import { withoutSession } from "./without-session.ts";

const catalogueFile = "models.json";
/** What the user chooses in a session goes to `~/.codex/fcc.config.toml`, so that a plain `codex` never starts on one of our models. */
const settingsName = "fcc";
/** Codex gives up on a stream that brings no event for this long; a local model may read its prompt for minutes. */
const idleTimeout = 30 * 60_000;

const triples: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "win32-x64": "x86_64-pc-windows-msvc",
  "win32-arm64": "aarch64-pc-windows-msvc",
};

export const codex: Client<NativePackage> = {
  id: "codex",
  name: "Codex",
  command: "codex",
  examples: [
    ["fcc codex --profile night", "another profile"],
    ["fcc codex exec 'run the tests'", "without a terminal"],
  ],
  fixedPrompt: (args) => (scanOptions(args, codexOptions).startsSession ? 8_000 : 0),
  install: {
    from: "npm",
    package: "@openai/codex",
    version: "0.171.0",
    binary({ platform, arch }: Machine) {
      const triple = triples[`${platform}-${arch}`];
      if (triple === undefined) return undefined;
      return `@openai/codex-${platform}-${arch}/vendor/${triple}/bin/codex${platform === "win32" ? ".exe" : ""}`;
    },
  },
  oldest: "0.100.0",
  folders: [".cargo/bin"],
  options: codexOptions,
  elsewhere(args) {
    const scanned = scanOptions(args, codexOptions);
    return scanned.startsSession && hasOption(scanned, "--remote")
      ? [
          "with --remote the session runs in another app server, on that one's models.",
          "Leave --remote out, or start plain `codex` for it.",
        ]
      : undefined;
  },
  task: (text) => ["exec", "--skip-git-repo-check", "--sandbox", "workspace-write", text],
  prepare(start) {
    const scanned = scanOptions([...start.extra.args, ...start.args], codexOptions);
    if (!scanned.startsSession) return withoutSession(start);
    const command = scanned.operand ?? "";
    return {
      // Before the user's own, of which the last wins.
      args: [
        ...configuration(start).flatMap((entry) => ["-c", entry]),
        ...(inTerminal(command) ? ["--no-daemon"] : []),
        ...(inTerminal(command) && !hasOption(scanned, "--profile") ? ["--profile", settingsName] : []),
        ...scanned.args,
      ],
      env: { [tokenVariable]: start.proxy.token, ...withoutProxy(start.env), ...start.extra.env },
      files: [jsonFile(catalogueFile, catalogue(start.models))],
      ...(command === "exec" || command === "e" ? { stdin: "brief" as const } : {}),
    };
  },
};

/** A server in the background that is already running would not know this launch's provider. */
function inTerminal(command: string): boolean {
  return !sessionCommands.has(command) || terminalCommands.has(command);
}

/** TOML values; a JSON string is a TOML string. Nothing is written into the user's own configuration. */
function configuration({ proxy, models, folder }: Start): readonly string[] {
  const text = JSON.stringify;
  return [
    `model=${text(models.main.wireId)}`,
    `model_provider="fcc"`,
    `model_providers.fcc={name="fcc",base_url=${text(`${proxy.url}/v1`)},wire_api="responses",env_key=${text(tokenVariable)},stream_idle_timeout_ms=${idleTimeout}}`,
    `model_catalog_json=${text(`${folder}/${catalogueFile}`)}`,
    // Run by OpenAI's servers only.
    `web_search="disabled"`,
    // Everything that would go to a host of its own.
    "analytics.enabled=false",
    "check_for_update_on_startup=false",
    "features.plugins=false",
    "features.apps=false",
    "features.remote_plugin=false",
  ];
}
