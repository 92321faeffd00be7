import type { Environment } from "../model/environment.ts";
import type { JsonObject } from "../model/json.ts";
import type { Client, Start } from "./client.ts";
import { jsonFile, objectIn } from "./json.ts";
import { withoutProxy } from "./no-proxy.ts";
import { scanOptions } from "./options.ts";
import type { NodePackage } from "./package.ts";
import { qwenOptions } from "./qwen/options.ts";
import { qwenSettings } from "./qwen/settings.ts";
import { tokenVariable } from "./token-variable.ts";
import { withoutSession } from "./without-session.ts";

const settingsVariable = "QWEN_CODE_SYSTEM_SETTINGS_PATH";
const settingsFile = "settings.json";
/** Where an administrator's settings are, on each system. */
const systemSettings = [
  "/etc/qwen-code/settings.json",
  "/Library/Application Support/QwenCode/settings.json",
  "C:\\ProgramData\\qwen-code\\settings.json",
];

export const qwen: Client<NodePackage> = {
  id: "qwen",
  name: "Qwen Code",
  command: "qwen",
  examples: [
    ["fcc qwen", "the profile used here"],
    ["fcc qwen --model ollama/qwen3-coder 'explain this'", "one model, one question"],
  ],
  install: {
    from: "npm",
    package: "@qwen-code/qwen-code",
    version: "0.24.4",
    script: "@qwen-code/qwen-code/cli-entry.js",
    node: "22.0.0",
  },
  oldest: "0.24.0",
  folders: [],
  options: qwenOptions,
  fixedPrompt: (args) => (scanOptions(args, qwenOptions).startsSession ? 15_000 : 0),
  task: (text) => ["--approval-mode", "auto-edit", text],
  prepare(start) {
    const { args, startsSession } = scanOptions([...start.extra.args, ...start.args], qwenOptions);
    if (!startsSession) return withoutSession(start);
    return { args, env: environment(start), files: [jsonFile(settingsFile, qwenSettings(administrators(start), start))] };
  },
};

function environment({ proxy, env, extra, folder }: Start): Environment {
  return {
    [tokenVariable]: proxy.token,
    // For a model that the user names: one that is not in the settings is asked of this address.
    OPENAI_BASE_URL: `${proxy.url}/v1`,
    OPENAI_API_KEY: proxy.token,
    ...withoutProxy(env),
    ...extra.env,
    [settingsVariable]: `${folder}/${settingsFile}`,
  };
}

function administrators({ extra, env, read }: Start): JsonObject {
  const named = extra.env[settingsVariable] ?? env[settingsVariable];
  for (const path of named === undefined ? systemSettings : [named]) {
    const text = read(path);
    if (text !== undefined) return objectIn(text) ?? {};
  }
  return {};
}
