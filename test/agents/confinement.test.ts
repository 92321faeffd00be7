import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { chatProfile, createMachine, fccProgram, tree } from "./run.ts";
import { serveChat, serveMessages } from "./scripted.ts";

const { claude = "", sdks = "" } = inject("installed");
const hasNamespaces = spawnSync("unshare", ["-nm", "ip", "link", "set", "lo", "up"]).status === 0;

describe.skipIf(claude === "")("what a launch touches", () => {
  it.skipIf(!hasNamespaces)("asks for no name and reaches nothing but loopback", async () => {
    const machine = createMachine();
    const names = join(machine.home, "../names");
    const confined = ["-nm", process.execPath, resolve(import.meta.dirname, "confined.mjs"), names, join(machine.home, "../resolv.conf")];
    const ended = await machine.run("unshare", [...confined, process.execPath, fccProgram, "claude", "--profile", "demo", "-p", "hello"]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toContain("stand-in");
    expect(readFileSync(names, "utf8")).toBe("");
  });

  it("leaves in the home and the project only what the client itself writes", async () => {
    const script = [{ text: ["Yes."] }];
    const throughFcc = createMachine();
    const server = await serveChat(script);
    await throughFcc.configure(chatProfile(server.url));
    const before = tree(throughFcc.project);
    expect((await throughFcc.fcc(["claude", "-p", "hi"])).code).toBe(0);
    expect(tree(throughFcc.project)).toEqual(before);

    const alone = createMachine();
    const native = await serveMessages(script);
    await alone.run(claude, ["--model", "claude-sonnet-4-5", "-p", "hi"], {
      ANTHROPIC_BASE_URL: native.url,
      ANTHROPIC_AUTH_TOKEN: "dummy",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    });
    // Sessions and projects are named by ids and by the folder: the shapes of the names are compared.
    const shapes = (home: string) =>
      [
        ...new Set(
          Object.keys(tree(home))
            .filter((name) => name.startsWith(".claude"))
            .map((name) => name.replace(/-tmp-fcc-agents-[^/]*/g, "PROJECT").replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, "N")),
        ),
      ].sort();
    expect(shapes(throughFcc.home).filter((name) => !shapes(alone.home).includes(name))).toEqual([]);
    const own = Object.keys(tree(throughFcc.home)).filter((name) => !name.startsWith(".claude"));
    expect(own.filter((name) => !name.startsWith(".local/state/fcc/") && !name.startsWith(".cache/"))).toEqual([]);
    const settings = tree(throughFcc.home)[".claude/settings.json"];
    expect(settings, "the user's settings are not written").toBeUndefined();
  });
});

describe.skipIf(sdks === "")("the public SDK for Messages under `fcc run`", () => {
  it("streams an answer with nothing but its standard environment variables", async () => {
    const machine = createMachine();
    const server = await serveChat([{ text: ["streamed ", "by ", "the SDK"] }]);
    await machine.configure(chatProfile(server.url));
    const program = join(machine.project, "ask.mjs");
    writeFileSync(
      program,
      `import { createRequire } from "node:module";
const { default: Anthropic } = await import(createRequire(${JSON.stringify(join(sdks, "package.json"))}).resolve("@anthropic-ai/sdk"));
const client = new (Anthropic.default ?? Anthropic)();
const stream = client.messages.stream({ model: process.env.ANTHROPIC_MODEL, max_tokens: 100, messages: [{ role: "user", content: "hi" }] });
stream.on("text", (text) => process.stdout.write("[" + text + "]"));
const message = await stream.finalMessage();
process.stdout.write(" " + message.stop_reason + " " + message.usage.input_tokens);
`,
    );
    const ended = await machine.fcc(["run", "--", process.execPath, program]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toBe("[streamed ][by ][the SDK] end_turn 1200");
    expect(server.received).toHaveLength(1);
  });
});
