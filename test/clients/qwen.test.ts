import { expect, it } from "vitest";
import type { Start } from "../../src/clients/client.ts";
import { qwen } from "../../src/clients/qwen.ts";
import { startOf } from "./start.ts";

const prepare = (change: Partial<Start> = {}) => qwen.prepare(startOf({ args: ["hi"], ...change }));
const settings = (change: Partial<Start> = {}) => JSON.parse(prepare(change).files[0]?.content ?? "null");

it("stands over the user's settings, in a file of the launch's own", () => {
  expect(prepare().env).toMatchObject({
    QWEN_CODE_SYSTEM_SETTINGS_PATH: "/private/settings.json",
    FCC_TOKEN: "secret-token",
    OPENAI_BASE_URL: "http://127.0.0.1:5555/v1",
  });
  expect(settings()).toMatchObject({
    security: { auth: { selectedType: "openai" } },
    model: { name: "main:qwen3:8b", baseUrl: "http://127.0.0.1:5555/v1" },
    fastModel: "haiku:small",
    modelProviders: {
      openai: [
        {
          id: "main:qwen3:8b",
          name: "ollama/qwen3:8b",
          baseUrl: "http://127.0.0.1:5555/v1",
          envKey: "FCC_TOKEN",
          generationConfig: { contextWindowSize: 65_536, samplingParams: { max_tokens: 16_384 } },
        },
        { id: "haiku:small" },
      ],
    },
    general: { enableAutoUpdate: false },
    privacy: { usageStatisticsEnabled: false },
  });
});

it("has no command that writes a model into the user's settings", () => {
  expect(settings().slashCommands).toEqual({ disabled: ["model", "auth"] });
});

it.each([
  ["/etc/qwen-code/settings.json", {}],
  ["/opt/qwen.json", { QWEN_CODE_SYSTEM_SETTINGS_PATH: "/opt/qwen.json" }],
])("keeps what an administrator has set in %s", (path, env) => {
  const text =
    '{ "tools": { "exclude": ["run_shell_command"] }, /* ours */ "slashCommands": { "disabled": ["ide"] }, "general": { "vimMode": true } }';
  const merged = settings({ env, read: (asked) => (asked === path ? text : undefined) });
  expect(merged).toMatchObject({
    tools: { exclude: ["run_shell_command"] },
    slashCommands: { disabled: ["ide", "model", "auth"] },
    general: { vimMode: true, enableAutoUpdate: false },
    model: { name: "main:qwen3:8b" },
  });
});

it("closes telemetry under a boundary only, since it is the user's own", () => {
  expect(settings()).not.toHaveProperty("telemetry");
  expect(settings({ bounded: true }).telemetry).toEqual({ enabled: false });
});

it.each<[string[], boolean]>([
  [[], true],
  [["-p", "hi"], true],
  [["--resume", "x", "mcp"], false],
  [["serve"], true],
  [["mcp", "list"], false],
  [["-l"], false],
])("%j: a session on our models %s", (args, isSession) => {
  expect(prepare({ args }).files.length > 0).toBe(isSession);
});
