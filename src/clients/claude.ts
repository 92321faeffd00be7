import type { Environment } from "../model/environment.ts";
import { commandsFile, forCommands } from "./claude/commands.ts";
import { claudeEnvironment, mainAlias } from "./claude/environment.ts";
import { claudeOptions, startsElsewhere } from "./claude/options.ts";
import { claudePrompt, claudeWithFewerTools } from "./claude/prompt.ts";
import { mergeSettings, readSettings } from "./claude/settings.ts";
import type { Client, Machine, Prepared, Start } from "./client.ts";
import { jsonFile } from "./json.ts";
import { hasOption, lastValue, scanOptions, withoutOption } from "./options.ts";
import type { NativePackage } from "./package.ts";
import { modelsOf } from "./shown-models.ts";

const settingsFile = "settings.json";

export const claude: Client<NativePackage> = {
  id: "claude",
  name: "Claude Code",
  command: "claude",
  examples: [
    ["fcc claude", "the profile used here"],
    ["fcc claude --model ollama/qwen3:8b -p 'explain this'", "one model, one question"],
  ],
  fixedPrompt: claudePrompt,
  withFewerTools: claudeWithFewerTools,
  install: {
    from: "npm",
    package: "@anthropic-ai/claude-code",
    version: "2.1.332",
    binary: ({ platform, arch, musl }: Machine) =>
      `@anthropic-ai/claude-code-${platform}-${arch}${musl ? "-musl" : ""}/${platform === "win32" ? "claude.exe" : "claude"}`,
  },
  oldest: "2.1.0",
  folders: [".claude/local"],
  options: claudeOptions,
  elsewhere: startsElsewhere,
  task: (text) => ["-p", text, "--permission-mode", "acceptEdits", "--max-turns", "12"],
  prepare(start) {
    const variables = claudeEnvironment(start);
    const { files, ...line } = commandLine(start, variables);
    // Where no session begins, none of its commands run.
    if (files.length === 0) return { ...line, files, env: variables };
    return {
      ...line,
      files: [...files, { name: commandsFile, content: forCommands(start) }],
      env: { ...variables, CLAUDE_ENV_FILE: `${start.folder}/${commandsFile}` },
    };
  },
};

function commandLine(start: Start, variables: Environment): Omit<Prepared, "env"> {
  const scanned = scanOptions([...start.extra.args, ...start.args], claudeOptions);
  if (!scanned.startsSession) return { args: start.args, files: [] };

  const named = lastValue(scanned, "--settings");
  const own = named === undefined ? {} : readSettings(named, start.read);
  // What does not read stays where it is, so that the client says itself what is wrong with it.
  if (own === undefined) return { args: [...model(), ...scanned.args], files: [] };
  const settings = mergeSettings(own, {
    autoMode: lastValue(scanned, "--permission-mode") === "auto",
    bounded: start.bounded,
    overrides: overrides(start),
    variables,
  });
  return {
    args: ["--settings", `${start.folder}/${settingsFile}`, ...model(own["model"]), ...withoutOption(scanned, "--settings")],
    // Without a terminal a line of JSON says that the client's own catalogue does not know the model.
    ...(hasOption(scanned, "--print") ? { dropped: "[claude-code:unrecognized_model]" } : {}),
    files: [jsonFile(settingsFile, settings)],
  };

  /**
   * A model in the user's own settings file would win over the environment: the launch always names one. By its alias, since Enter in
   * `/model` on a session started by an id writes that id into the user's settings, and the next plain `claude` would ask for it.
   */
  function model(fromSettings?: unknown): readonly string[] {
    if (hasOption(scanned, "--model")) return [];
    return ["--model", typeof fromSettings === "string" ? fromSettings : mainAlias(start.models)];
  }
}

/** A known model's handling can stand for one of ours only. The main model comes first. */
function overrides({ models }: Start): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const { behavesAs, wireId } of modelsOf(models)) if (behavesAs !== undefined) result[behavesAs] ??= wireId;
  return result;
}
