import { describe, expect, it } from "vitest";
import type { Start } from "../../src/clients/client.ts";
import { codex } from "../../src/clients/codex.ts";
import { prepareRun } from "../../src/clients/run.ts";
import { model, startOf } from "./start.ts";

const prepare = (change: Partial<Start> = {}) => codex.prepare(startOf(change));
const entries = (args: readonly string[]) => args.flatMap((arg, index) => (args[index - 1] === "-c" ? [arg] : []));

describe("the command line of Codex", () => {
  it("names a provider of its own and writes nothing into the user's configuration", () => {
    const { args, env } = prepare();
    expect(entries(args)).toEqual(
      expect.arrayContaining([
        'model="main:qwen3:8b"',
        'model_provider="fcc"',
        expect.stringContaining('base_url="http://127.0.0.1:5555/v1",wire_api="responses",env_key="FCC_TOKEN"'),
        'model_catalog_json="/private/models.json"',
        'web_search="disabled"',
        "analytics.enabled=false",
      ]),
    );
    expect(env).toMatchObject({ FCC_TOKEN: "secret-token", NO_PROXY: "127.0.0.1,localhost" });
  });

  it.each<[string[], boolean]>([
    [["--remote", "ws://box:4500"], true],
    [["exec", "--remote=unix://", "do it"], true],
    [["resume", "--last", "--remote", "ws://box:4500"], true],
    [["--remote", "ws://box:4500", "--help"], false],
    [["remote-control"], false],
    [["-m", "--remote", "fix it"], false],
    [["--", "--remote"], false],
  ])("%j would leave for another app server: %s", (args, leaves) => {
    expect(codex.elsewhere?.(args)?.[0].includes("--remote") ?? false).toBe(leaves);
  });

  it("puts the user's own after ours, since the last wins", () => {
    const args = ["exec", "-c", 'web_search="live"', "-m", "other", "do it"];
    expect(prepare({ args }).args.slice(-args.length)).toEqual(args);
  });

  it.each<[string[], boolean, string | undefined]>([
    [[], true, undefined],
    [["fix it"], true, undefined],
    [["resume", "--last"], true, undefined],
    [["agents"], true, undefined],
    [["exec", "do it"], false, "brief"],
    [["e", "do it"], false, "brief"],
    [["review"], false, undefined],
    [["-m", "exec", "fix it"], true, undefined],
  ])("%j: no server in the background %s, standard input %s", (args, noDaemon, stdin) => {
    const prepared = prepare({ args });
    expect(prepared.args.includes("--no-daemon")).toBe(noDaemon);
    expect(prepared.stdin).toBe(stdin);
  });

  it("keeps what the user chooses in a session out of the settings of a plain codex", () => {
    expect(prepare({ args: ["fix it"] }).args).toEqual(expect.arrayContaining(["--profile", "fcc", "fix it"]));
    expect(prepare({ args: ["agents"] }).args).toEqual(expect.arrayContaining(["--profile", "fcc", "agents"]));
    for (const own of [["-p", "mine"], ["-pmine"], ["-p=mine"]]) expect(prepare({ args: own }).args).not.toContain("--profile");
    expect(prepare({ args: ["exec", "do it"] }).args).not.toContain("--profile");
  });

  it.each([["login"], ["mcp", "list"], ["--version"], ["--help"], ["-V"], ["completion", "bash"]])(
    "is left alone where no session begins: %s",
    (...args) => {
      expect(prepare({ args })).toMatchObject({ args, files: [] });
    },
  );
});

describe("the catalogue", () => {
  const catalogue = (change: Partial<Start> = {}) => JSON.parse(prepare(change).files[0]?.content ?? "null").models;

  it("has every model of the launch by each of its names, with each key that Codex insists on", () => {
    const models = catalogue();
    expect(models.map(({ slug }: { slug: string }) => slug)).toEqual([
      ...["main:qwen3:8b", "opus:qwen3:8b", "sonnet:qwen3:8b", "haiku:small", "fable:qwen3:8b"],
      ...["main", "opus", "sonnet", "haiku", "fable", "ollama/qwen3:8b", "ollama/small"],
    ]);
    for (const entry of models) {
      for (const key of [
        "slug",
        "display_name",
        "supported_reasoning_levels",
        "shell_type",
        "visibility",
        "supported_in_api",
        "priority",
        "support_verbosity",
        "truncation_policy",
        "experimental_supported_tools",
        "base_instructions",
      ]) {
        expect(entry, key).toHaveProperty(key);
      }
    }
  });

  it("shows each target once, whatever tiers run on it", () => {
    const shown = catalogue().filter(({ visibility }: { visibility: string }) => visibility === "list");
    expect(shown.map(({ slug }: { slug: string }) => slug)).toEqual(["main:qwen3:8b", "haiku:small"]);
  });

  it("offers the efforts that a model takes, and pictures where it sees them", () => {
    const plain = catalogue()[0];
    expect(plain).toMatchObject({ supported_reasoning_levels: [], input_modalities: ["text", "image"] });
    const main = { ...model("main:qwen3:8b", "ollama/qwen3:8b"), efforts: ["low", "medium", "high"], images: false };
    const [given] = catalogue({ models: { ...startOf({}).models, main } });
    const efforts = given.supported_reasoning_levels.map(({ effort }: { effort: string }) => effort);
    expect({ efforts, sees: given.input_modalities }).toEqual({ efforts: ["medium", "low", "high"], sees: ["text"] });
    // With a default Codex would ask every model for it.
    expect(given).not.toHaveProperty("default_reasoning_level");
  });

  it("tells the true window", () => {
    expect(catalogue()[0]).toMatchObject({
      context_window: 65_536,
      max_context_window: 65_536,
      truncation_policy: { mode: "tokens", limit: 8_192 },
    });
    const models = { ...startOf().models, main: { wireId: "main:m", label: "a/m" } };
    expect(catalogue({ models })[0]).toMatchObject({ context_window: 200_000 });
  });

  it("tells the same of a model by its tier's name and by its target's", () => {
    const models = {
      ...startOf().models,
      tiers: { ...startOf().models.tiers, haiku: { ...model("haiku:small", "ollama/small"), context: 16_384 } },
    };
    const given = catalogue({ models });
    for (const name of ["haiku", "ollama/small"]) {
      const entry = given.find(({ slug }: { slug: string }) => slug === name);
      expect(entry, name).toMatchObject({ context_window: 16_384, auto_compact_token_limit: 12_288, visibility: "hide" });
    }
  });

  it("tells of a target that several roles are on what the first of them says, as the proxy takes it", () => {
    const subagent = { ...model("subagent:qwen3:8b", "ollama/qwen3:8b"), context: 16_384 };
    const main = { ...startOf().models.main, context: 131_072 };
    const given = catalogue({ models: { ...startOf().models, main, subagent } });
    const context = (name: string) => given.find(({ slug }: { slug: string }) => slug === name)?.context_window;
    expect(["ollama/qwen3:8b", "main", "subagent"].map(context)).toEqual([131_072, 131_072, 16_384]);
  });

  it("has the sub-agents' model where the profile names one", () => {
    const models = { ...startOf().models, subagent: model("subagent:x", "a/x") };
    expect(catalogue({ models })).toContainEqual(expect.objectContaining({ slug: "subagent:x" }));
  });
});

it("finds a native program for each machine", () => {
  expect(codex.install.binary({ platform: "linux", arch: "x64", musl: true })).toBe(
    "@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex",
  );
  expect(codex.install.binary({ platform: "aix", arch: "ppc64", musl: false })).toBeUndefined();
});

it("gives any other program the address in the variables that the common SDKs read", () => {
  const { env, args, files } = prepareRun(startOf({ args: ["-x"], env: { NO_PROXY: "corp" } }));
  expect(env).toEqual({
    ANTHROPIC_BASE_URL: "http://127.0.0.1:5555",
    ANTHROPIC_API_BASE: undefined,
    ANTHROPIC_API_URL: undefined,
    ANTHROPIC_PROXY: undefined,
    OPENAI_PROXY: undefined,
    ANTHROPIC_CUSTOM_HEADERS: undefined,
    OPENAI_CUSTOM_HEADERS: undefined,
    ANTHROPIC_AUTH_TOKEN: "secret-token",
    ANTHROPIC_API_KEY: undefined,
    ANTHROPIC_MODEL: "main:qwen3:8b",
    OPENAI_BASE_URL: "http://127.0.0.1:5555/v1",
    OPENAI_API_BASE: "http://127.0.0.1:5555/v1",
    OPENAI_API_KEY: "secret-token",
    OPENAI_MODEL: "main:qwen3:8b",
    FCC_URL: "http://127.0.0.1:5555",
    FCC_TOKEN: "secret-token",
    NO_PROXY: "corp,127.0.0.1,localhost",
    no_proxy: "corp,127.0.0.1,localhost",
  });
  expect({ args, files }).toEqual({ args: ["-x"], files: [] });
});
