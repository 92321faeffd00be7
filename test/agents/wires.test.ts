import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { comparable, eventsOf, exec, type Json, runNatively } from "./codex.ts";
import { createMachine, fccProgram, tree } from "./run.ts";
import { type Say, serveChat, serveMessages } from "./scripted.ts";
import { serveResponses } from "./scripted-responses.ts";

const { claude = "", codex = "" } = inject("installed");
const hasNamespaces = spawnSync("unshare", ["-nm", "ip", "link", "set", "lo", "up"]).status === 0;

const profileOn = (wire: "messages" | "responses", url: string) => `profile: scripted
providers:
  lab:
    speaks: { ${wire}: { baseUrl: ${url}/v1 } }
profiles:
  scripted:
    model: lab/scripted
`;

describe.skipIf(codex === "")("Codex", () => {
  const script: readonly Say[] = [
    { thinking: "Where to look?", text: ["Look."], calls: [{ name: "exec_command", input: { cmd: "echo m4rk3r" } }] },
    { calls: [{ name: "apply_patch", input: { input: "*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch" } }] },
    { text: ["It said ", "m4rk3r."] },
  ];

  it("works on a server of the Messages wire, which gets its signed thinking back", async () => {
    const machine = createMachine();
    const server = await serveMessages(script);
    await machine.configure(profileOn("messages", server.url));
    const ended = await machine.fcc(["codex", ...exec, "go"]);
    expect(eventsOf(ended.stdout).flatMap(({ type, item }: Json) => (type === "item.completed" ? [item.type] : []))).toEqual([
      "reasoning",
      "agent_message",
      "command_execution",
      "file_change",
      "agent_message",
    ]);
    expect(readFileSync(join(machine.project, "a.txt"), "utf8")).toBe("one\n");
    const [, second, third] = server.received.map(({ body }) => body.messages);
    expect(second[1].content[0]).toEqual({ type: "thinking", thinking: "Where to look?", signature: "c2ln" });
    expect(JSON.stringify(second.at(-1))).toContain("m4rk3r");
    // The mark up to which the prompt is cached moves on; all else stays.
    const unmarked = (turns: Json[]) => JSON.parse(JSON.stringify(turns, (key, value) => (key === "cache_control" ? undefined : value)));
    expect(unmarked(third.slice(0, second.length))).toEqual(unmarked(second));
    expect(server.received).toHaveLength(3);
  });

  it("gets what its own wire says byte for byte", async () => {
    const native: readonly Say[] = [
      { thinking: "Hm.", calls: [{ name: "exec_command", input: { cmd: "echo m4rk3r" } }] },
      { calls: [{ name: "apply_patch", input: "*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch" }] },
      { text: ["Done."] },
    ];
    const machine = createMachine();
    const server = await serveResponses(native);
    await machine.configure(profileOn("responses", server.url));
    const ended = await machine.fcc(["codex", ...exec, "go"]);
    const alone = createMachine();
    const other = await serveResponses(native);
    const expected = await runNatively(alone, other.url, [...exec, "go"]);
    expect(comparable(ended.stdout), ended.stderr).toBe(comparable(expected.stdout));
    expect(server.received).toHaveLength(3);
    expect(server.received[0]?.body).toMatchObject({
      model: "scripted",
      tools: expect.arrayContaining([{ type: "namespace" }].map((one) => expect.objectContaining(one))),
    });
    const sealed = server.received[1]?.body.input.find(({ type }: Json) => type === "reasoning");
    expect(sealed.encrypted_content).toBe("c2VhbA==");
  });

  it("leaves in the home and the project only what it writes by itself", async () => {
    const machine = createMachine();
    const server = await serveChat([{ text: ["Yes."] }]);
    await machine.configure(profileOn("responses", server.url).replace("responses:", "chat:"));
    const before = tree(machine.project);
    expect((await machine.fcc(["codex", ...exec, "go"])).code).toBe(0);
    expect(tree(machine.project)).toEqual(before);

    const alone = createMachine();
    const native = await serveResponses([{ text: ["Yes."] }]);
    await runNatively(alone, native.url, [...exec, "go"]);
    const shapes = (home: string) => [
      ...new Set(Object.keys(tree(home)).map((name) => name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|\d+/g, "N"))),
    ];
    // What a database leaves beside itself depends on the moment at which it was closed.
    const more = shapes(machine.home).filter((name) => !shapes(alone.home).includes(name) && !/-(shm|wal)$/.test(name));
    expect(more.filter((name) => !name.startsWith(".local/state/fcc/") && !name.startsWith(".cache/"))).toEqual([]);
  });

  it("goes back to HTTP at once where its user turned WebSockets on", async () => {
    const machine = createMachine();
    const server = await serveChat([{ text: ["Yes."] }]);
    await machine.configure(profileOn("responses", server.url).replace("responses:", "chat:"));
    const began = performance.now();
    const ended = await machine.fcc(["codex", ...exec, "-c", "model_providers.fcc.supports_websockets=true", "go"]);
    expect(performance.now() - began).toBeLessThan(4000);
    expect(ended.stdout, ended.stderr).toContain('"text":"Yes."');
    expect(ended.stdout).not.toMatch(/Reconnecting|"type":"error"/);
    expect(server.received).toHaveLength(1);
  });

  it.skipIf(!hasNamespaces)("asks for no name and reaches nothing but loopback", async () => {
    const machine = createMachine();
    const names = join(machine.home, "../names");
    const confined = ["-nm", process.execPath, resolve(import.meta.dirname, "confined.mjs"), names, join(machine.home, "../resolv.conf")];
    const command = ["codex", "--profile", "demo", "exec", "--skip-git-repo-check", "-s", "danger-full-access", "hello"];
    const ended = await machine.run("unshare", [...confined, process.execPath, fccProgram, ...command]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain("stand-in");
    expect(readFileSync(names, "utf8")).toBe("");
  });
});

describe.skipIf(claude === "")("Claude Code on a server of the Responses wire", () => {
  it("works, and the server gets its sealed reasoning back", async () => {
    const machine = createMachine();
    const server = await serveResponses([
      { thinking: "Where to look?", text: ["Look."], calls: [{ name: "Bash", input: { command: "echo m4rk3r", description: "Print" } }] },
      { text: ["It said ", "m4rk3r."] },
    ]);
    await machine.configure(profileOn("responses", server.url));
    const ended = await machine.fcc(["claude", "-p", "run it", "--allowedTools", "Bash"]);
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: "It said m4rk3r.\n" });
    expect(server.received).toHaveLength(2);
    const input: Json[] = server.received[1]?.body.input;
    expect(input.find(({ type }) => type === "reasoning")).toMatchObject({ encrypted_content: "c2VhbA==" });
    expect(input.find(({ type }) => type === "function_call_output").output).toContain("m4rk3r");
    expect(input.slice(0, server.received[0]?.body.input.length)).toEqual(server.received[0]?.body.input);
  });
});
