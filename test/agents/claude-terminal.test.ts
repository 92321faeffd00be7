import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it, vi } from "vitest";
import { chatProfile, experienced, fccProgram } from "./run.ts";
import { serveChat, serveMessages } from "./scripted.ts";
import { hasTmux, openTerminal } from "./terminal.ts";

const { claude = "" } = inject("installed");
const launch = `${process.execPath} ${fccProgram} claude`;

describe.skipIf(claude === "" || !hasTmux)("Claude Code, in a terminal", () => {
  it("starts without a login, shows the model, answers, and ends on Ctrl-C twice with nothing left behind but a way to go on", async () => {
    const machine = experienced();
    const server = await serveChat([{ text: ["The answer ", "is forty-two."] }, { text: ["Still forty-two."] }]);
    await machine.configure(chatProfile(server.url));
    const terminal = openTerminal(machine);
    await terminal.see(/ready> /);
    terminal.type(launch);
    terminal.press("Enter");
    const start = await terminal.see(/for shortcuts|Try "|❯/);
    expect(start).not.toMatch(/\/login|API key|Select login/i);
    await terminal.see(/scripted/);
    terminal.type("what is it");
    await terminal.see(/what is it/);
    terminal.press("Enter");
    await terminal.see(/is forty-two\./);
    terminal.press("C-c");
    await new Promise((resolve) => setTimeout(resolve, 300));
    terminal.press("C-c");
    const end = await terminal.see(/^fcc {2}1 request[\s\S]*^ready>\s*$/m, 15);
    // The terminal echoes what is typed, so it is sane again.
    terminal.type("echo a$((1+1))b");
    terminal.press("Enter");
    await terminal.see(/^a2b$/m);
    expect(terminal.processes()).toEqual([]);
    expect(server.received).toHaveLength(1);
    expect(readdirSync(machine.env["TMPDIR"] ?? "").filter((name) => name.startsWith("fcc"))).toEqual([]);

    const { id = "" } = /^fcc --resume (?<id>[0-9a-f-]{36})\s*$/m.exec(end)?.groups ?? {};
    expect(await machine.fcc(["--resume", id, "-p", "and now"])).toMatchObject({ code: 0, stdout: "Still forty-two.\n" });
    expect(JSON.stringify(server.received[1]?.body.messages)).toMatch(/what is it.*forty-two.*and now/);
  });

  it("lists the profile's models in /model, and Enter there does not follow the user into a plain claude", async () => {
    const machine = experienced();
    const server = await serveChat(() => ({ text: ["Fine."] }));
    await machine.configure(`${chatProfile(server.url)}    haiku: lab/tiny\n`);
    const terminal = openTerminal(machine);
    await terminal.see(/ready> /);
    terminal.type(launch);
    terminal.press("Enter");
    await terminal.see(/for shortcuts|Try "|❯/);
    terminal.type("/model");
    await terminal.see(/\/model/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.press("Enter");
    const picker = await terminal.see(/lab\/tiny|tiny/);
    expect(picker).toMatch(/scripted/);
    expect(picker).not.toMatch(/\$\d/);
    terminal.press("Down");
    terminal.press("Enter");
    await terminal.see(/Set model to|Kept model|model/i);
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.press("C-c");
    await new Promise((resolve) => setTimeout(resolve, 300));
    terminal.press("C-c");
    await terminal.see(/^ready>\s*$/m, 15);
    const settings = join(machine.home, ".claude/settings.json");
    const model = existsSync(settings) ? (JSON.parse(readFileSync(settings, "utf8")) as { model?: string }).model : undefined;
    expect(model ?? "none").not.toMatch(/lab|scripted|tiny|:/);

    const plain = await serveMessages([{ text: ["Plain as day."] }]);
    const ended = await machine.run(claude, ["-p", "hello"], {
      ANTHROPIC_BASE_URL: plain.url,
      ANTHROPIC_AUTH_TOKEN: "dummy",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    });
    expect(ended).toMatchObject({ code: 0, stdout: "Plain as day.\n" });
    expect(plain.received[0]?.body.model).toMatch(/^claude-/);
  });

  // How soon is the client's own part of it, from the key to the closed connection, and is told; fcc's part is measured by the bench.
  it("aborts the upstream on Esc", async () => {
    const machine = experienced();
    const server = await serveChat([{ text: Array.from({ length: 2000 }, (_, index) => `said${index} `), pace: 20 }]);
    await machine.configure(chatProfile(server.url));
    const terminal = openTerminal(machine);
    await terminal.see(/ready> /);
    terminal.type(launch);
    terminal.press("Enter");
    await terminal.see(/for shortcuts|Try "|❯/);
    terminal.type("talk");
    await terminal.see(/talk/);
    terminal.press("Enter");
    await terminal.see(/said\d+ /);
    const pressed = performance.now();
    terminal.press("Escape");
    await terminal.see(/Interrupted/i);
    const gone = await vi.waitUntil(() => server.received[0]?.goneAt, { timeout: 10_000 });
    process.stdout.write(`Claude Code: the upstream saw Esc after ${Math.round(gone - pressed)} ms\n`);
    expect(server.received).toHaveLength(1);
  });

  it("says which key was refused and where it came from, after one request, and not to log in anywhere", async () => {
    const machine = experienced();
    const body = { error: { message: "Incorrect API key provided.", type: "invalid_request_error", param: null, code: "invalid_api_key" } };
    const server = await serveChat(() => ({ fail: { status: 401, body } }));
    await machine.configure(chatProfile(server.url).replace("/v1 } }", "/v1 } }\n    key: { env: LAB_KEY }"));
    const terminal = openTerminal(machine, { LAB_KEY: "sk-nothing" });
    await terminal.see(/ready> /);
    terminal.type(launch);
    terminal.press("Enter");
    await terminal.see(/for shortcuts|Try "|❯/);
    terminal.type("hello");
    await terminal.see(/hello/);
    terminal.press("Enter");
    const screen = await terminal.see(/Incorrect API key provided\./);
    expect(screen.replace(/\s+/g, " ")).toMatch(/lab at http:\/\/127\.0\.0\.1:\d+ refused the key from LAB_KEY/);
    expect(screen).not.toMatch(/\/login/);
    expect(server.received).toHaveLength(1);
  });
});
