import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { claude as tested } from "../../src/clients/claude.ts";
import { createMachine, type Ended, type Machine } from "./run.ts";
import { type Received, type Say, type ScriptedServer, serveChat } from "./scripted.ts";

const { claude = "" } = inject("installed");

type Script = readonly Say[] | ((received: Received, count: number) => Say);
interface Way extends Ended {
  readonly machine: Machine;
  readonly server: ScriptedServer;
  readonly models: readonly string[];
}

/** A launch with a model of its own for the haiku and the opus tier, under a boundary. */
async function run(
  script: Script,
  args: readonly string[],
  options: { readonly prepare?: (machine: Machine) => void; readonly variables?: Record<string, string>; readonly more?: string } = {},
): Promise<Way> {
  const machine = createMachine();
  const server = await serveChat(script);
  await machine.configure(`profile: tiers
boundary: local
providers:
  lab: { speaks: { chat: { baseUrl: ${server.url}/v1 } } }
profiles:
  tiers: { model: lab/big, haiku: lab/small, opus: lab/huge${options.more ?? ""} }
`);
  options.prepare?.(machine);
  const ended = await machine.fcc(["claude", ...args], options.variables);
  return { ...ended, machine, server, models: server.received.map(({ body }) => body.model) };
}

const linesOf = (stderr: string) => stderr.trim().split("\n");
const lastOf = (received: Received | undefined) => JSON.stringify(received?.body.messages.at(-1));
const agent = (model?: string) => ({
  name: "Agent",
  input: { description: "help out", prompt: "do help", subagent_type: "general-purpose", ...(model === undefined ? {} : { model }) },
});
const isSubAgent = ({ body }: Received) => /You are an agent for Claude Code/.test(body.messages[0].content);

describe.skipIf(claude === "")("Claude Code's other ways to a model", () => {
  it("asks for a web search, is told plainly that there is none, and goes on", async () => {
    const { server, models, ...ended } = await run(
      ({ body }, count) => {
        if (count === 1) return { calls: [{ name: "WebSearch", input: { query: "wombats" } }] };
        return { text: [body.tools === undefined ? "I cannot search here." : "Fine."] };
      },
      ["-p", "search", "--allowedTools", "WebSearch"],
    );
    expect(ended).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(models).toEqual(["big", "big", "big"]);
    expect(JSON.stringify(server.received[1]?.body.messages)).toContain("is not available here");
    expect(lastOf(server.received[2])).toContain("I cannot search here.");
    expect(linesOf(ended.stderr).slice(1)).toEqual([expect.stringContaining("web_search was left out")]);
  });

  it.each([
    { name: "the main model", more: "", asks: undefined, by: "big" },
    { name: "the model for sub-agents", more: ", subagent: lab/helper", asks: undefined, by: "helper" },
    { name: "the haiku tier, where the call asks for it", more: ", subagent: lab/helper", asks: "haiku", by: "small" },
    { name: "the opus tier, where the call asks for it", more: "", asks: "opus", by: "huge" },
  ])("runs a sub-agent on $name", async ({ more, asks, by }) => {
    const { server, ...ended } = await run(
      (received, count) => {
        if (isSubAgent(received)) return { text: ["Helped."] };
        return count === 1 ? { calls: [agent(asks)] } : { text: ["Fine."] };
      },
      ["-p", "delegate", "--allowedTools", "Agent"],
      { more },
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^Fine\.\n/);
    expect(server.received.filter(isSubAgent).map(({ body }) => body.model)).toEqual([by]);
    expect(new Set(server.received.filter((received) => !isSubAgent(received)).map(({ body }) => body.model))).toEqual(new Set(["big"]));
    expect(linesOf(ended.stderr)).toHaveLength(1);
  });

  it("has a page summed up by the haiku tier, and asks no one else about it", async (context) => {
    const machine = createMachine();
    const [key, certificate] = [join(machine.home, "key.pem"), join(machine.home, "certificate.pem")];
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate],
      ...["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
    ]);
    if (made.status !== 0) return context.skip();
    const page = "<html><body><h1>Wombats</h1><p>They dig.</p></body></html>";
    const site = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_request, response) => {
      response.setHeader("content-type", "text/html").end(page);
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void site.close());
    const url = `https://127.0.0.1:${(site.address() as AddressInfo).port}/wombats`;
    const { server, models, ...ended } = await run(
      ({ body }, count) =>
        count === 1 ? { calls: [{ name: "WebFetch", input: { url, prompt: "What do they do?" } }] } : { text: [`Said ${body.model}.`] },
      ["-p", "fetch", "--allowedTools", "WebFetch"],
      { variables: { NODE_EXTRA_CA_CERTS: certificate } },
    );
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Said big.\n" });
    expect(models).toEqual(["big", "small", "big"]);
    expect(lastOf(server.received[1])).toContain("They dig.");
    expect(lastOf(server.received[2])).toContain("Said small.");
  });

  it("answers by a schema", async () => {
    const schema = JSON.stringify({ type: "object", properties: { answer: { type: "number" } }, required: ["answer"] });
    const { server, ...ended } = await run(
      [{ calls: [{ name: "StructuredOutput", input: { answer: 42 } }] }],
      ["-p", "answer", "--json-schema", schema, "--output-format", "json"],
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ is_error: false, structured_output: { answer: 42 } });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ["opus", "huge"],
    ["sonnet", "big"],
    ["haiku", "small"],
    ["lab/other", "other"],
  ])("takes the user's own --model %s", async (name, model) => {
    const { models, ...ended } = await run(({ body }) => ({ text: [`Said ${body.model}.`] }), ["--model", name, "-p", "hi"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: `Said ${model}.\n` });
    expect(models).toEqual([model]);
  });

  it("calls a tool of an MCP server whose name is longer than chat servers take", async () => {
    const servers = { mcpServers: { long: { command: process.execPath, args: [join(import.meta.dirname, "long-names.mjs")] } } };
    const { server, ...ended } = await run(
      ({ body }, count) => {
        const names: string[] = body.tools.map((tool: { function: { name: string } }) => tool.function.name);
        const name = names.find((one) => one.startsWith("mcp__long__")) ?? "none";
        return count === 1
          ? { calls: [{ name, input: { of: "wombat" } }] }
          : { text: [names.every((one) => one.length <= 64) ? "Fine." : "Long."] };
      },
      ["-p", "describe", "--mcp-config", JSON.stringify(servers), "--strict-mcp-config", "--dangerously-skip-permissions"],
      { variables: { IS_SANDBOX: "1" } },
    );
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(lastOf(server.received[1])).toContain("described: wombat");
  });

  it("goes on with a session by --continue and by --resume", async () => {
    const { machine, server, ...first } = await run(
      ({ body }) => ({ text: [`Turn ${body.messages.filter((message: { role: string }) => message.role === "assistant").length + 1}.`] }),
      ["-p", "remember the wombat", "--output-format", "json"],
    );
    const { session_id: session, result } = JSON.parse(first.stdout) as { session_id: string; result: string };
    expect(result).toBe("Turn 1.");
    expect(await machine.fcc(["claude", "--continue", "-p", "go on"])).toMatchObject({ code: 0, stdout: "Turn 2.\n" });
    expect(await machine.fcc(["claude", "--resume", session, "-p", "and on"])).toMatchObject({ code: 0, stdout: "Turn 3.\n" });
    expect(JSON.stringify(server.received[2]?.body.messages)).toContain("remember the wombat");
    expect(server.received).toHaveLength(3);
  });

  it("has a `claude -p` that its Bash tool runs ask the same models, with what a hook put into the environment of commands", async () => {
    const asked = "echo hook=$FROM_HOOK; claude -p 'the inner task' < /dev/null";
    const { server, ...ended } = await run(
      ({ body }, count) => {
        if (!JSON.stringify(body.messages).includes("the outer task")) return { text: ["From inside."] };
        return count === 1 ? { calls: [{ name: "Bash", input: { command: asked } }] } : { text: ["Fine."] };
      },
      ["-p", "the outer task", "--allowedTools", "Bash"],
      {
        prepare({ project }) {
          const hook = { type: "command", command: 'echo "export FROM_HOOK=1" >> "$CLAUDE_ENV_FILE"' };
          mkdirSync(join(project, ".claude"));
          writeFileSync(join(project, ".claude", "settings.json"), JSON.stringify({ hooks: { SessionStart: [{ hooks: [hook] }] } }));
        },
        variables: { IS_SANDBOX: "1" },
      },
    );
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(lastOf(server.received[2])).toContain("hook=1");
    expect(lastOf(server.received[2])).toContain("From inside.");
  });

  it("starts no session that would outlive the launch", async () => {
    const { machine, server, ...ended } = await run([], ["--bg", "hi"]);
    expect(ended, ended.stdout).toMatchObject({ code: 2, stderr: expect.stringContaining("outlives this launch") });
    expect(existsSync(join(machine.home, ".claude", "jobs"))).toBe(false);
    expect(server.received).toHaveLength(0);
  });

  it("is itself where no model is asked: --version, --help and its commands", async () => {
    const { machine, server, ...version } = await run([], ["--version"]);
    expect(version).toMatchObject({ code: 0, stdout: `${tested.install.version} (Claude Code)\n` });
    expect(await machine.fcc(["claude", "mcp", "list"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No MCP servers configured"),
    });
    const native = await machine.run(claude, ["--help"]);
    expect(await machine.fcc(["claude", "--", "--help"])).toMatchObject({ code: 0, stdout: native.stdout });
    expect(server.received).toHaveLength(0);
  });
});

describe.skipIf(claude === "")("settings that name another way", () => {
  /** Settings as a user of another proxy has them, or a project brings them along. */
  const poison = (url: string) => ({
    model: "poison",
    apiKeyHelper: "echo sk-poison",
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: "poison",
      ANTHROPIC_API_KEY: "sk-poison",
      ANTHROPIC_MODEL: "poison",
      ANTHROPIC_DEFAULT_OPUS_MODEL: "poison",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "poison",
      ANTHROPIC_SMALL_FAST_MODEL: "poison",
      CLAUDE_CODE_SUBAGENT_MODEL: "poison",
      CLAUDE_CODE_USE_BEDROCK: "1",
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: "1000",
      ENABLE_TOOL_SEARCH: "true",
      HTTP_PROXY: url,
      MINE: "kept",
    },
  });
  const places: readonly {
    readonly name: string;
    readonly put: (machine: Machine, url: string) => void;
    readonly args?: readonly string[];
  }[] = [
    { name: "of the user", put: ({ home }, url) => write(join(home, ".claude"), "settings.json", poison(url)) },
    { name: "of the project", put: ({ project }, url) => write(join(project, ".claude"), "settings.json", poison(url)) },
    { name: "of the project, local", put: ({ project }, url) => write(join(project, ".claude"), "settings.local.json", poison(url)) },
    {
      name: "on the command line",
      put: ({ project }, url) => write(project, "own.json", { ...poison(url), model: undefined }),
      args: ["--settings", "own.json"],
    },
  ];
  const write = (folder: string, file: string, settings: object) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(settings));
  };

  it.each(places)("do not lead away from the profile's models: $name", async ({ put, args = [] }) => {
    const other = await serveChat(() => ({ text: ["Poison."] }));
    const see = { name: "Bash", input: { command: "echo mine=$MINE", description: "Look" } };
    const { server, ...ended } = await run(
      (received, count) => {
        if (isSubAgent(received)) return { text: ["Helped."] };
        return count === 1 ? { calls: [see, agent("haiku"), agent()] } : { text: ["Fine."] };
      },
      [...args, "-p", "hi", "--allowedTools", "Bash,Agent"],
      { prepare: (machine) => put(machine, other.url) },
    );
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(ended.stdout).toMatch(/^Fine\.\n/);
    expect(other.received).toHaveLength(0);
    expect([...new Set(server.received.map(({ body }) => body.model))].sort()).toEqual(["big", "small"]);
    expect(server.received[0]?.body.tools.length).toBeGreaterThan(20);
    expect(JSON.stringify(server.received[1]?.body.messages)).toContain("mine=kept");
  });
});
