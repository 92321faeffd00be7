import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { chatProfile, createMachine, type Ended, type Machine } from "./run.ts";
import { type Say, type ScriptedServer, serveChat, serveMessages } from "./scripted.ts";

const { claude = "" } = inject("installed");

/** What the client itself prints for the same script on a server that speaks its own wire. */
async function natively(
  script: readonly Say[],
  args: readonly string[],
  prepare: (machine: Machine) => void = () => {},
): Promise<Ended & { requests: number }> {
  const machine = createMachine();
  prepare(machine);
  const server = await serveMessages(script);
  const ended = await machine.run(claude, ["--model", "claude-sonnet-4-5", ...args], {
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_AUTH_TOKEN: "dummy",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    ENABLE_TOOL_SEARCH: "false",
    DISABLE_AUTOUPDATER: "1",
  });
  return { ...ended, requests: server.received.length };
}

const conversations: readonly {
  name: string;
  script: readonly Say[];
  args: readonly string[];
  prepare?: (machine: Machine) => void;
  verify?: (machine: Machine, server: ScriptedServer) => void;
}[] = [
  { name: "a plain answer", script: [{ text: ["Hel", "lo ", "there."] }], args: ["-p", "hi"] },
  {
    name: "a Bash call and its result",
    script: [
      { text: ["Look."], calls: [{ name: "Bash", input: { command: "echo m4rk3r", description: "Print" } }] },
      { text: ["It said m4rk3r."] },
    ],
    args: ["-p", "run it", "--allowedTools", "Bash"],
    verify: (_machine, server) => {
      const result = server.received[1]?.body.messages.find((message: { role: string }) => message.role === "tool");
      expect(result.content).toContain("m4rk3r");
    },
  },
  {
    name: "two parallel calls",
    script: [
      {
        calls: [
          { name: "Read", input: { file_path: "one.txt" } },
          { name: "Read", input: { file_path: "two.txt" } },
        ],
      },
      { text: ["Both read."] },
    ],
    args: ["-p", "read both"],
    prepare: (machine) => {
      writeFileSync(join(machine.project, "one.txt"), "first file\n");
      writeFileSync(join(machine.project, "two.txt"), "second file\n");
    },
    verify: (_machine, server) => {
      const results = server.received[1]?.body.messages.filter((message: { role: string }) => message.role === "tool");
      expect(results.map((result: { content: string }) => /first|second/.exec(result.content)?.[0])).toEqual(["first", "second"]);
    },
  },
  {
    name: "a file written and then read",
    script: [
      { calls: [{ name: "Write", input: { file_path: "poem.txt", content: 'roses "are" red\n\tviolets é 漢\n' } }] },
      { calls: [{ name: "Read", input: { file_path: "poem.txt" } }] },
      { text: ["Done."] },
    ],
    args: ["-p", "write it", "--allowedTools", "Write"],
    verify: (machine, server) => {
      expect(readFileSync(join(machine.project, "poem.txt"), "utf8")).toBe('roses "are" red\n\tviolets é 漢\n');
      expect(server.received[2]?.body.messages.at(-1).content).toContain("violets é 漢");
    },
  },
  { name: "a model that thinks", script: [{ thinking: "Let me think about this.", text: ["Thought", " out."] }], args: ["-p", "think"] },
  { name: "two thousand deltas", script: [{ text: Array.from({ length: 2000 }, (_, index) => `w${index} `) }], args: ["-p", "talk"] },
];

describe.skipIf(claude === "")("Claude Code, headless", () => {
  it("answers on the built-in stand-in, with one tool really run and nothing else on standard output", async () => {
    const machine = createMachine();
    writeFileSync(join(machine.project, "README.md"), "# A project that says wombat\n");
    const ended = await machine.fcc(["claude", "--profile", "demo", "-p", "hello"]);
    expect(ended.stderr).toMatch(/^fcc {2}claude on demo\//);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toContain("stand-in");
    expect(ended.stdout).toContain("wombat");
  });

  it.each(conversations)("on a chat server: $name", async ({ script, args, prepare, verify }) => {
    const machine = createMachine();
    prepare?.(machine);
    const server = await serveChat(script);
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["claude", ...args]);
    const native = await natively(script, args, prepare);
    expect(native.requests, "requests that the client sends to a native server").toBe(script.length);
    expect({ code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({ code: native.code, stdout: native.stdout });
    expect(ended.stderr.trim().split("\n"), "nothing but the line of the launch on standard error").toHaveLength(1);
    expect(server.received, "a hidden retry").toHaveLength(script.length);
    verify?.(machine, server);
    expect(existsSync(join(machine.home, ".config/fcc"))).toBe(false);
  });
});
