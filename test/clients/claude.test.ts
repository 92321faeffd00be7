import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { claude } from "../../src/clients/claude.ts";
import type { Start } from "../../src/clients/client.ts";
import { model, startOf } from "./start.ts";

const prepare = (change: Partial<Start> = {}) => claude.prepare(startOf(change));
const settingsOf = (change: Partial<Start> = {}) => JSON.parse(prepare(change).files[0]?.content ?? "null");
const ours = ["--settings", "/private/settings.json", "--model", "opus"];

describe("the environment", () => {
  it("leads to the proxy and nowhere else", () => {
    expect(prepare().env).toMatchObject({
      ANTHROPIC_BASE_URL: "http://127.0.0.1:5555",
      ANTHROPIC_AUTH_TOKEN: "secret-token",
      CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_AGENT_VIEW: "1",
      CLAUDE_CODE_RESUME_HINT_COMMAND: "fcc",
      CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
      ENABLE_TOOL_SEARCH: "false",
    });
  });

  it.each([
    "ANTHROPIC_API_KEY",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "ANTHROPIC_UNIX_SOCKET",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_MODEL",
    "ANTHROPIC_SMALL_FAST_MODEL",
  ])("takes %s away", (name) => {
    const { env } = prepare({ env: { [name]: "1" } });
    expect(Object.hasOwn(env, name)).toBe(true);
    expect(env[name]).toBeUndefined();
  });

  it("leaves other switches of the client alone", () => {
    expect(Object.hasOwn(prepare({ env: { CLAUDE_CODE_USE_POWERSHELL_TOOL: "1" } }).env, "CLAUDE_CODE_USE_POWERSHELL_TOOL")).toBe(false);
  });

  it.each([
    [{}, "127.0.0.1,localhost"],
    [{ NO_PROXY: "corp.example" }, "corp.example,127.0.0.1,localhost"],
    [{ no_proxy: "corp.example, localhost" }, "corp.example,localhost,127.0.0.1"],
    [{ NO_PROXY: "127.0.0.1,localhost" }, "127.0.0.1,localhost"],
    [{ no_proxy: "*" }, "*"],
  ])("keeps loopback from the HTTP proxy: %j", (env, expected) => {
    expect(prepare({ env }).env).toMatchObject({ NO_PROXY: expected, no_proxy: expected });
  });

  it("names all four tiers, with a label each", () => {
    const { env } = prepare();
    for (const tier of ["OPUS", "SONNET", "HAIKU", "FABLE"]) {
      expect(env[`ANTHROPIC_DEFAULT_${tier}_MODEL`]).toMatch(/:/);
      expect(env[`ANTHROPIC_DEFAULT_${tier}_MODEL_NAME`]).toMatch(/^ollama\//);
      expect(env[`ANTHROPIC_DEFAULT_${tier}_MODEL_DESCRIPTION`]).toContain("64k context");
    }
  });

  it("names a model for sub-agents only where the profile does", () => {
    expect(prepare().env["CLAUDE_CODE_SUBAGENT_MODEL"]).toBeUndefined();
    const models = { ...startOf().models, subagent: model("subagent:x", "a/x") };
    expect(prepare({ models }).env["CLAUDE_CODE_SUBAGENT_MODEL"]).toBe("subagent:x");
  });

  it("is what the configuration says, where it says something", () => {
    const { env } = prepare({ extra: { args: [], env: { CLAUDE_CODE_MAX_RETRIES: "3", ENABLE_TOOL_SEARCH: "true" } } });
    expect(env).toMatchObject({ CLAUDE_CODE_MAX_RETRIES: "3", ENABLE_TOOL_SEARCH: "true" });
  });

  it("keeps time-outs and output limits of the user's own", () => {
    const env = { CLAUDE_STREAM_IDLE_TIMEOUT_MS: "5", API_TIMEOUT_MS: "6", CLAUDE_CODE_MAX_OUTPUT_TOKENS: "7" };
    expect(prepare({ env }).env).toMatchObject(env);
  });
});

describe("the commands of a session", () => {
  const commandsOf = (change: Partial<Start> = {}) => prepare(change).files.find(({ name }) => name === "commands.sh")?.content;

  it("are given the token, which the client takes out of their environment", () => {
    expect(prepare().env).toMatchObject({
      CLAUDE_ENV_FILE: "/private/commands.sh",
      FCC_TOKEN: "secret-token",
      FCC_URL: "http://127.0.0.1:5555",
    });
    expect(commandsOf()).toBe('export ANTHROPIC_AUTH_TOKEN="$FCC_TOKEN"\n');
  });

  it("have what the user's own file for them says, too", () => {
    const own = commandsOf({ env: { CLAUDE_ENV_FILE: "/home/o'neill/env.sh" } });
    expect(own?.split("\n")[1]).toBe("[ ! -r '/home/o'\\''neill/env.sh' ] || . '/home/o'\\''neill/env.sh'");
  });

  it("have it wherever they run, also where the configuration names it", () => {
    const own = prepare({ env: { CLAUDE_ENV_FILE: "over.sh" }, extra: { args: [], env: { CLAUDE_ENV_FILE: "env.sh" } } });
    expect(own.env).toMatchObject({ CLAUDE_ENV_FILE: "/private/commands.sh" });
    const path = `'${resolve("env.sh")}'`;
    expect(own.files.at(-1)?.content).toBe(`export ANTHROPIC_AUTH_TOKEN="$FCC_TOKEN"\n[ ! -r ${path} ] || . ${path}\n`);
  });

  it("are told nothing where no session begins", () => {
    expect(prepare({ args: ["mcp", "list"] }).env).not.toHaveProperty("CLAUDE_ENV_FILE");
  });
});

describe("the window", () => {
  // Compaction begins at about window - min(output, 20000) - 13000; below the fixed prompt of 18000 every turn would compact.
  it.each([
    [undefined, undefined, "200000", "32000"],
    [200_000, undefined, "200000", "32000"],
    [131_072, undefined, "131072", "32000"],
    [98_304, undefined, "98304", "27304"],
    [65_536, undefined, "65536", "8192"],
    [40_960, undefined, "40960", "4096"],
    [32_768, undefined, "32768", "4096"],
    [131_072, 8_192, "131072", "8192"],
    [1_000_000, 128_000, "1000000", "32000"],
  ])("of %s with an output of %s is told as %s and %s", (context, maxOutput, window, output) => {
    const { tiers } = startOf().models;
    const main = { wireId: "main:m", label: "a/m", ...(context ? { context } : {}), ...(maxOutput ? { maxOutput } : {}) };
    const { env } = prepare({ models: { main, tiers } });
    expect(env).toMatchObject({ CLAUDE_CODE_MAX_CONTEXT_TOKENS: window, CLAUDE_CODE_MAX_OUTPUT_TOKENS: output });
    expect(Number(window) - Math.min(Number(output), 20_000) - 13_000).toBeGreaterThan(13_000);
  });
});

describe("a name with [1m] after it", () => {
  const { main, tiers } = startOf().models;
  it.each<[string, Start["models"], string | undefined]>([
    [
      "has no such window where every one that is known is smaller",
      { main, tiers: { ...tiers, haiku: { wireId: "h", label: "a/h" } } },
      "1",
    ],
    ["may have it where one model does", { main, tiers: { ...tiers, opus: model("opus:m", "a/m", { context: 1_048_576 }) } }, undefined],
    ["may have it where nobody says", { main: { wireId: "main:m", label: "a/m" }, tiers }, undefined],
  ])("%s", (_name, models, expected) => {
    expect(prepare({ models }).env["CLAUDE_CODE_DISABLE_1M_CONTEXT"]).toBe(expected);
  });
});

describe("the command line", () => {
  it.each<[string, string[], string[]]>([
    ["nothing", [], [...ours]],
    ["a question", ["-p", "hello"], [...ours, "-p", "hello"]],
    ["the user's own model", ["--model", "sonnet", "-p", "x"], ["--settings", "/private/settings.json", "--model", "sonnet", "-p", "x"]],
    ["the user's own model, joined", ["--model=haiku"], ["--settings", "/private/settings.json", "--model=haiku"]],
    ["the model after the prompt", ["do it", "--model", "opus"], ["--settings", "/private/settings.json", "do it", "--model", "opus"]],
    ["a tool named like a command", ["--allowedTools", "Bash", "mcp", "-p", "x"], [...ours, "--allowedTools", "Bash", "mcp", "-p", "x"]],
    ["a prompt of a word that is no command any more", ["-p", "help"], [...ours, "-p", "help"]],
    ["a prompt like an option", ["-p", "--", "--model"], [...ours, "-p", "--", "--model"]],
  ])("with %s", (_name, args, expected) => {
    expect(prepare({ args }).args).toEqual(expected);
  });

  it.each([["mcp", "list"], ["--version"], ["-v"], ["--help"], ["update"], ["plugin", "install", "x"], ["--verbose", "doctor"]])(
    "is left alone where no session begins: %s %s",
    (...args) => {
      const own = args.filter((arg) => arg !== undefined);
      expect(prepare({ args: own })).toMatchObject({ files: [], args: own });
    },
  );

  it.each<[args: string[], reason: RegExp | undefined]>([
    [["--worktree", "w", "--tmux"], /tmux server/],
    [["--tmux=classic", "-w"], /tmux server/],
    [["--bg", "do it"], /outlives/],
    [["do it", "--background"], /outlives/],
    [["--bg", "--help"], undefined],
    [["-p", "--", "--tmux"], undefined],
    [["--worktree", "w", "do it"], undefined],
  ])("that leads a session out of the launch is told by its reason: %j", (args, reason) => {
    const told = claude.elsewhere?.(args)?.[0];
    if (reason === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(reason);
  });

  it("begins with what the configuration adds", () => {
    expect(prepare({ args: ["-p", "x"], extra: { args: ["--permission-mode", "plan"], env: {} } }).args).toEqual([
      ...ours,
      "--permission-mode",
      "plan",
      "-p",
      "x",
    ]);
  });

  it("names the main model by an alias, whatever the tiers are, so that the picker writes no id of ours", () => {
    const tiers = {
      ...startOf().models.tiers,
      opus: model("opus:big", "a/big"),
      sonnet: model("sonnet:mid", "a/mid"),
      fable: model("fable:f", "a/f"),
    };
    const { args, env } = prepare({ models: { main: model("main:m", "a/m"), tiers } });
    expect(args.slice(2, 4)).toEqual(["--model", "fable"]);
    expect(env).toMatchObject({
      ANTHROPIC_DEFAULT_FABLE_MODEL: "main:m",
      ANTHROPIC_DEFAULT_OPUS_MODEL: "opus:big",
      ANTHROPIC_DEFAULT_MODEL: "main:m",
    });
  });

  it("drops the client's line about unknown models where there is no terminal", () => {
    expect(prepare({ args: ["-p", "x"] }).dropped).toBe("[claude-code:unrecognized_model]");
    expect(prepare({ args: ["--print", "x"] }).dropped).toBeDefined();
    expect(prepare().dropped).toBeUndefined();
  });
});

describe("the settings", () => {
  /** What settings files of the user and the project would otherwise set over the environment. */
  const env = { CLAUDE_CODE_MAX_CONTEXT_TOKENS: prepare().env["CLAUDE_CODE_MAX_CONTEXT_TOKENS"], ENABLE_TOOL_SEARCH: "false" };

  it("switch auto mode off, which needs a judge that is not there", () => {
    expect(settingsOf()).toEqual({ env, permissions: { disableAutoMode: "disable" } });
  });

  it("leave it on where the user asks for it by name", () => {
    expect(settingsOf({ args: ["--permission-mode", "auto"] })).toEqual({ env });
  });

  it("stay away from Anthropic under a boundary", () => {
    expect(settingsOf({ bounded: true })).toMatchObject({ skipWebFetchPreflight: true });
  });

  it.each([
    ["a file", ["--settings", "own.json"]],
    ["a file, joined", ["--settings=own.json"]],
    ["JSON", ["--settings", '{"permissions":{"defaultMode":"plan","allow":["Read"]},"theme":"dark"}']],
  ])("take in the user's own from %s", (_name, args) => {
    const content = '{"permissions":{"defaultMode":"plan","allow":["Read"]},"theme":"dark"}';
    const change = { args: [...args, "-p", "x"], read: (path: string) => (path === "own.json" ? content : undefined) };
    expect(settingsOf(change)).toEqual({
      theme: "dark",
      env,
      permissions: { disableAutoMode: "disable", defaultMode: "plan", allow: ["Read"] },
    });
    expect(prepare(change).args).toEqual([...ours, "-p", "x"]);
  });

  it("of several that the user names are the last, as the client reads them", () => {
    expect(settingsOf({ args: ["--settings", '{"theme":"a"}', "--settings", '{"verbose":true}'] })).toEqual({
      verbose: true,
      env,
      permissions: { disableAutoMode: "disable" },
    });
  });

  it("cannot lead the client away", () => {
    const own = { apiKeyHelper: "/bin/key", env: { ANTHROPIC_BASE_URL: "http://elsewhere", ENABLE_TOOL_SEARCH: "true", MINE: "1" } };
    expect(settingsOf({ args: ["--settings", JSON.stringify(own)] })).toMatchObject({ env: { ...env, MINE: "1" } });
    expect(settingsOf({ args: ["--settings", JSON.stringify(own)] })).not.toHaveProperty("apiKeyHelper");
    expect(settingsOf({ args: ["--settings", JSON.stringify(own)] }).env).not.toHaveProperty("ANTHROPIC_BASE_URL");
  });

  it("name the model of the session where the user's file does", () => {
    expect(prepare({ args: ["--settings", '{"model":"haiku"}'] }).args.slice(2, 4)).toEqual(["--model", "haiku"]);
  });

  it.each(["missing.json", "{broken", "[1]"])("that do not read are left for the client to refuse: %s", (value) => {
    expect(prepare({ args: ["--settings", value], read: () => undefined })).toMatchObject({
      args: ["--model", "opus", "--settings", value],
      files: [],
    });
  });

  it("give a model the handling of a known one where the target says so", () => {
    const models = { ...startOf().models, main: model("main:m", "a/m", { behavesAs: "claude-sonnet-4-6" }) };
    expect(settingsOf({ models })).toMatchObject({ modelOverrides: { "claude-sonnet-4-6": "main:m" } });
  });
});

it("has a native program for each machine that its package has", () => {
  expect(claude.install.binary({ platform: "linux", arch: "arm64", musl: true })).toBe("@anthropic-ai/claude-code-linux-arm64-musl/claude");
  expect(claude.install.binary({ platform: "win32", arch: "x64", musl: false })).toBe("@anthropic-ai/claude-code-win32-x64/claude.exe");
});
