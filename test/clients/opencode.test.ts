import { describe, expect, it } from "vitest";
import type { Start } from "../../src/clients/client.ts";
import { opencode } from "../../src/clients/opencode.ts";
import { model, startOf } from "./start.ts";

const variable = "OPENCODE_CONFIG_CONTENT";
const prepare = (change: Partial<Start> = {}) => opencode.prepare(startOf({ args: ["run", "hi"], ...change }));
const configuration = (change: Partial<Start> = {}) => JSON.parse(prepare(change).env[variable] ?? "null");

describe("the configuration of OpenCode", () => {
  it("names one provider, and no other is loaded", () => {
    expect(configuration()).toMatchObject({
      model: "fcc/main:qwen3:8b",
      small_model: "fcc/haiku:small",
      enabled_providers: ["fcc"],
      provider: {
        fcc: {
          npm: "@ai-sdk/openai-compatible",
          options: { baseURL: "http://127.0.0.1:5555/v1", apiKey: "{env:FCC_TOKEN}", timeout: false },
        },
      },
    });
  });

  it("shows each target once, and the small model", () => {
    const rows = configuration().provider.fcc.models;
    expect(Object.entries(rows).map(([id, row]) => [id, (row as { name: string }).name])).toEqual([
      ["main:qwen3:8b", "ollama/qwen3:8b"],
      ["haiku:small", "ollama/small"],
    ]);
    const { main, tiers } = startOf().models;
    const same = { main, tiers: { ...tiers, haiku: model("haiku:qwen3:8b", main.label), opus: model("opus:big", "cloud/big") } };
    const names = Object.values(configuration({ models: same }).provider.fcc.models).map((row) => (row as { name: string }).name);
    expect(names).toEqual(["ollama/qwen3:8b", "ollama/qwen3:8b (haiku)", "cloud/big"]);
  });

  it("tells what a model can: its window, an output that leaves room in it, pictures, how hard it can think", () => {
    const main = model("main:m", "a/m", { context: 32_768, efforts: ["low", "high"], images: false });
    expect(configuration({ models: { ...startOf().models, main } }).provider.fcc.models["main:m"]).toMatchObject({
      limit: { context: 32_768, output: 8_192 },
      modalities: { input: ["text"] },
      reasoning: true,
      variants: { low: { reasoningEffort: "low" }, high: { reasoningEffort: "high" } },
    });
    const unknown = { wireId: "main:m", label: "a/m" };
    expect(configuration({ models: { ...startOf().models, main: unknown } }).provider.fcc.models["main:m"]).toMatchObject({
      limit: { context: 200_000, output: 32_000 },
      reasoning: false,
    });
  });

  it("keeps what the user gives in the same variable, but for the way to a model", () => {
    const own = JSON.stringify({
      theme: "night",
      model: "a/b",
      agent: { build: { prompt: "Be brief." }, review: {} },
      provider: { mine: {} },
    });
    const merged = configuration({ env: { [variable]: `// mine\n${own}` } });
    expect(merged).toMatchObject({
      theme: "night",
      model: "fcc/main:qwen3:8b",
      agent: { build: { prompt: "Be brief.", model: "fcc/main:qwen3:8b" }, review: {} },
    });
    expect(Object.keys(merged.provider)).toEqual(["mine", "fcc"]);
    expect(configuration({ extra: { args: [], env: { [variable]: '{"theme":"day"}' } } }).theme).toBe("day");
    const trailing = '{ "theme": "a,}", "instructions": ["x", // one\n], }';
    expect(configuration({ env: { [variable]: trailing } })).toMatchObject({ theme: "a,}", instructions: ["x"] });
  });

  it("gives sub-agents the profile's model for them, else that of the session", () => {
    expect(configuration().agent).not.toHaveProperty("general");
    const models = { ...startOf().models, subagent: model("subagent:x", "a/x") };
    expect(configuration({ models }).agent).toMatchObject({ general: { model: "fcc/subagent:x" }, explore: { model: "fcc/subagent:x" } });
  });

  it("closes under a boundary what can be closed", () => {
    expect(configuration()).not.toHaveProperty("share");
    expect(configuration({ bounded: true }).share).toBe("disabled");
    expect(prepare({ bounded: true }).env).toMatchObject({ OPENCODE_AUTH_CONTENT: "{}", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" });
  });
});

it.each<[string[], boolean, string | undefined]>([
  [[], true, undefined],
  [["my-project"], true, undefined],
  [["run", "hi"], true, "brief"],
  [["-m", "fcc/x", "run", "hi"], true, "brief"],
  [["serve"], true, undefined],
  [["auth", "login"], false, undefined],
  [["upgrade"], false, undefined],
])("%j: a session on our models %s, standard input %s", (args, isSession, stdin) => {
  const prepared = prepare({ args });
  expect(prepared.env[variable] !== undefined).toBe(isSession);
  expect(prepared.stdin).toBe(stdin);
});

it.each([
  ["linux", "x64", false, "opencode-linux-x64-baseline/bin/opencode"],
  ["linux", "arm64", true, "opencode-linux-arm64-musl/bin/opencode"],
  ["linux", "x64", true, "opencode-linux-x64-baseline-musl/bin/opencode"],
  ["win32", "x64", false, "opencode-windows-x64-baseline/bin/opencode.exe"],
  ["aix", "ppc64", false, undefined],
])("has a native program for %s %s", (platform, arch, musl, path) => {
  expect(opencode.install.binary({ platform, arch, musl })).toBe(path);
});
