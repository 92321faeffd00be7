import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { comparable, exec, type Json, runNatively } from "./codex.ts";
import { chatProfile, createMachine, fccProgram, type Machine } from "./run.ts";
import { type Call, type Received, type Say, type ScriptedServer, serveChat } from "./scripted.ts";
import { serveResponses } from "./scripted-responses.ts";

const { codex = "" } = inject("installed");
const mcpServer = resolve(import.meta.dirname, "fixtures/mcp-server.mjs");

/** Commands that run side by side are told in the order in which they happen to start. */
function unordered(output: string): string {
  return comparable(output)
    .replace(/"item_\d+"/g, '"ITEM"')
    .split("\n")
    .sort()
    .join("\n");
}

const runs = (cmd: string): Call => ({ name: "exec_command", input: { cmd } });
const messages = (server: ScriptedServer, request: number): Json[] => server.received[request]?.body.messages ?? [];
const results = (server: ScriptedServer, request: number) => messages(server, request).filter(({ role }) => role === "tool");

const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC",
  "base64",
);
const patch = `*** Begin Patch
*** Update File: poem.txt
@@
-roses are red
+roses "are" blue \\ é 漢
 violets
*** Add File: new/file.txt
+one
+\ttwo
*** End Patch`;

const conversations: readonly {
  name: string;
  script: readonly Say[];
  args?: readonly string[];
  prepare?: (machine: Machine) => void;
  verify?: (server: ScriptedServer, machine: Machine) => void;
  /** Codex runs these at once. */
  sideBySide?: true;
}[] = [
  { name: "a plain answer", script: [{ text: ["Hel", "lo ", "there."] }] },
  {
    name: "a command and its result",
    script: [{ text: ["Look."], calls: [runs("echo m4rk3r")] }, { text: ["It said m4rk3r."] }],
    verify: (server) => expect(results(server, 1)[0].content).toContain("m4rk3r"),
  },
  {
    name: "a patch in free text, applied to the files",
    script: [{ calls: [{ name: "apply_patch", input: patch }] }, { text: ["Patched."] }],
    prepare: (machine) => writeFileSync(join(machine.project, "poem.txt"), "roses are red\nviolets\n"),
    verify: (server, machine) => {
      expect(readFileSync(join(machine.project, "poem.txt"), "utf8")).toBe('roses "are" blue \\ é 漢\nviolets\n');
      expect(readFileSync(join(machine.project, "new/file.txt"), "utf8")).toBe("one\n\ttwo\n");
      const said = messages(server, 1).find(({ tool_calls: calls }) => calls !== undefined);
      expect(JSON.parse(said.tool_calls[0].function.arguments)).toEqual({ input: patch });
    },
  },
  {
    name: "two parallel calls",
    sideBySide: true,
    script: [{ calls: [runs("sleep 0.3; cat one.txt"), runs("sleep 0.6; echo; cat two.txt")] }, { text: ["Both read."] }],
    prepare: (machine) => {
      writeFileSync(join(machine.project, "one.txt"), "first file\n");
      writeFileSync(join(machine.project, "two.txt"), "second file\n");
    },
    verify: (server) => {
      expect(results(server, 1).map(({ content }) => /(first|second) file/.exec(content)?.[1])).toEqual(["first", "second"]);
      expect(messages(server, 1).filter(({ tool_calls: calls }) => calls?.length === 2)).toHaveLength(1);
    },
  },
  {
    name: "a tool in a namespace",
    script: [
      { calls: [{ namespace: "multi_agent_v1", name: "close_agent", input: { target: "01a204aa-c368-7d52-9aa1-3416887d4cff" } }] },
      { text: ["Closed."] },
    ],
    verify: (server) => {
      expect(results(server, 1)[0].content).not.toContain("unsupported call");
      expect(results(server, 1)[0].content).toContain("01a204aa");
    },
  },
  {
    name: "a tool of an MCP server",
    script: [{ calls: [{ namespace: "mcp__tiny", name: "reverse", input: { text: "wombat" } }] }, { text: ["Turned."] }],
    args: [
      "-c",
      `mcp_servers.tiny={command=${JSON.stringify(process.execPath)},args=[${JSON.stringify(mcpServer)}],default_tools_approval_mode="approve"}`,
    ],
    verify: (server) => expect(results(server, 1)[0].content).toContain("tabmow"),
  },
  {
    name: "a picture that the model asks to see",
    script: [{ calls: [{ name: "view_image", input: { path: "dot.png" } }] }, { text: ["Blue."] }],
    prepare: (machine) => writeFileSync(join(machine.project, "dot.png"), picture),
    verify: (server) =>
      expect(JSON.stringify(messages(server, 1))).toContain('"type":"image_url","image_url":{"url":"data:image/png;base64,'),
  },
  { name: "a model that thinks", script: [{ thinking: "Let me think.", text: ["Thought", " out."] }] },
  {
    name: "a goal, told by what no call asked for",
    args: ["--enable", "goals"],
    script: [
      { calls: [{ name: "create_goal", input: { objective: "Ship it" } }] },
      { calls: [{ name: "update_goal", input: { status: "complete" } }] },
      { text: ["Done."] },
    ],
    verify: (server) => expect(JSON.stringify(messages(server, 2))).toContain("goal_objective"),
  },
  { name: "a tool that does not exist", script: [{ calls: [{ name: "no_such_tool", input: {} }] }, { text: ["Oh."] }] },
  { name: "two thousand deltas", script: [{ text: Array.from({ length: 2000 }, (_, index) => `w${index} `) }] },
];

describe.skipIf(codex === "")("Codex, headless", () => {
  it("answers on the built-in stand-in, with one tool really run", async () => {
    const machine = createMachine();
    const ended = await machine.fcc(["codex", "--profile", "demo", "exec", "--skip-git-repo-check", "hello"]);
    expect(ended.stderr).toMatch(/^fcc {2}codex on demo\//);
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toContain("stand-in");
    expect(ended.stdout).toContain(`exec_command: it begins with "${machine.project}"`);
  });

  it("does not wait for the end of a standard input that brings nothing", async () => {
    const machine = createMachine();
    const server = await serveChat([{ text: ["Fine."] }]);
    await machine.configure(chatProfile(server.url));
    const child = spawn(process.execPath, [fccProgram, "codex", ...exec, "go"], {
      cwd: machine.project,
      env: machine.env,
      stdio: ["pipe", "ignore", "ignore"],
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    child.stdin.destroy();
    expect({ code, requests: server.received.length }).toEqual({ code: 0, requests: 1 });
  });

  it("runs a sub-agent on the profile's model, and hears what it found", async () => {
    const machine = createMachine();
    const isChild = ({ headers }: Received) => headers["x-openai-subagent"] !== undefined;
    const spawned: Call = { namespace: "multi_agent_v1", name: "spawn_agent", input: { message: "Find the wombat." } };
    const server = await serveChat((received) => {
      const { messages } = received.body;
      const asksForWombat = messages.some(
        ({ role, content }: Json) => role === "user" && JSON.stringify(content).includes("Find the wombat."),
      );
      const tools = messages.filter(({ role }: Json) => role === "tool");
      if (asksForWombat && tools.length === 0 && !JSON.stringify(messages).includes("parent-prompt"))
        return { text: ["The wombat sleeps."] };
      if (tools.length === 0) return { calls: [spawned] };
      const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(JSON.stringify(tools[0].content))?.[0] ?? "";
      if (tools.length === 1) return { calls: [{ namespace: "multi_agent_v1", name: "wait_agent", input: { targets: [id] } }] };
      return { text: [`Heard: ${/The wombat sleeps\./.exec(JSON.stringify(tools[1].content))?.[0]}`] };
    });
    await machine.configure(chatProfile(server.url));
    const ended = await machine.fcc(["codex", ...exec, "parent-prompt"]);
    expect(ended.stdout, ended.stderr).toContain("Heard: The wombat sleeps.");
    expect(ended.code).toBe(0);
    expect(
      server.received.every((received) => !isChild(received)),
      "what Codex says of its sub-agents stays on this machine",
    ).toBe(true);
    expect(server.received).toHaveLength(4);
  });

  it.each(conversations)(
    "on a chat server as on its own wire: $name",
    async ({ script, args = [], prepare, verify, sideBySide = false }) => {
      const command = [...exec, ...args, "go"];
      const machine = createMachine();
      prepare?.(machine);
      const server = await serveChat(script);
      await machine.configure(chatProfile(server.url));
      const ended = await machine.fcc(["codex", ...command]);

      const alone = createMachine();
      prepare?.(alone);
      const native = await serveResponses(script);
      const expected = await runNatively(alone, native.url, command);
      expect(native.received, "requests that Codex sends to a native server").toHaveLength(script.length);
      const said = sideBySide ? unordered : comparable;
      expect(said(ended.stdout), ended.stderr).toBe(said(expected.stdout));
      expect(ended.code).toBe(expected.code);
      expect(comparable(ended.stderr).split("\n").slice(1)).toEqual(comparable(expected.stderr).split("\n"));
      expect(server.received, "a hidden retry").toHaveLength(script.length);
      verify?.(server, machine);
    },
  );
});
