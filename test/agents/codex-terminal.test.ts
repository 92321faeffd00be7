import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it, vi } from "vitest";
import { chatProfile, createMachine, fccProgram, type Machine } from "./run.ts";
import { type Received, type ScriptedServer, serveChat } from "./scripted.ts";
import { hasTmux, openTerminal, type Terminal } from "./terminal.ts";

const { codex = "" } = inject("installed");
/** Codex asks before it works in a folder that it does not know. */
const launch = (machine: Machine) => `${process.execPath} ${fccProgram} codex -c 'projects={"${machine.project}"={trust_level="trusted"}}'`;

async function started(
  script: Parameters<typeof serveChat>[0],
  more = "",
): Promise<{ machine: Machine; server: ScriptedServer; terminal: Terminal }> {
  const machine = createMachine();
  const server = await serveChat(script);
  await machine.configure(`${chatProfile(server.url)}${more}`);
  const terminal = openTerminal(machine);
  await terminal.see(/ready> /);
  terminal.type(launch(machine));
  terminal.press("Enter");
  await terminal.see(/›|% context left|for shortcuts/);
  return { machine, server, terminal };
}

/** The requests of the conversation; Codex also asks for a title in parallel. */
const turns = (server: ScriptedServer) => server.received.filter(({ body }: Received) => body.response_format === undefined);

describe.skipIf(codex === "" || !hasTmux)("Codex, in a terminal", () => {
  it("starts without a login, answers, and ends on Ctrl-C with nothing left behind", async () => {
    const { machine, server, terminal } = await started(() => ({ text: ["The answer ", "is forty-two."] }));
    expect(terminal.screen()).not.toMatch(/sign in|log in|API key/i);
    await terminal.see(/scripted/);
    terminal.type("what is it");
    await terminal.see(/what is it/);
    terminal.press("Enter");
    await terminal.see(/is forty-two\./);
    expect(turns(server)).toHaveLength(1);
    terminal.press("C-c");
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (terminal.processes().length > 0) terminal.press("C-c");
    await terminal.see(/^fcc {2}\d+ requests?[\s\S]*^ready>\s*$/m, 15);
    terminal.type("echo a$((1+1))b");
    terminal.press("Enter");
    await terminal.see(/^a2b$/m);
    expect(terminal.processes()).toEqual([]);
    expect(readdirSync(machine.env["TMPDIR"] ?? "").filter((name) => name.startsWith("fcc"))).toEqual([]);
  });

  it("lists the profile's models in /model, each with its efforts", async () => {
    const { machine, server, terminal } = await started(
      () => ({ text: ["Fine."] }),
      "    haiku: { target: lab/tiny, quirks: { efforts: [low, high], reasoningRequest: reasoning_effort } }\n",
    );
    let picker = "";
    for (let tries = 0; !picker.includes("lab/tiny") && tries < 10; tries += 1) {
      terminal.type("/model");
      await terminal.see(/\/model/);
      await new Promise((resolve) => setTimeout(resolve, 500));
      terminal.press("Enter");
      // "Model selection is disabled until startup completes." may still stand there from an earlier try while the list opens.
      await terminal.see(/lab\/tiny|disabled until startup/);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      picker = terminal.screen();
    }
    expect(picker).toContain("lab/tiny");
    expect(picker.match(/lab\/scripted/g)).toHaveLength(1);
    expect(picker).not.toMatch(/gpt-/);
    terminal.press("Down");
    await terminal.see(/› 2/);
    terminal.press("Enter");
    await terminal.see(/Low[\s\S]*High/);
    terminal.press("Down");
    await terminal.see(/› 2\. High/);
    // As the default from now on, which Codex writes down.
    terminal.press("Enter");
    await terminal.see(/changed to haiku:tiny high/);
    terminal.type("hello");
    await terminal.see(/hello/);
    terminal.press("Enter");
    await terminal.see(/Fine\./);
    expect(turns(server)[0]?.body).toMatchObject({ model: "tiny", reasoning_effort: "high" });
    const settings = join(machine.home, ".codex/config.toml");
    expect(existsSync(settings) ? readFileSync(settings, "utf8") : "", "a plain codex keeps its own model").not.toMatch(/^model/m);
  });

  // How soon is the client's own part of it, from the key to the closed connection, and is told; fcc's part is measured by the bench.
  it("aborts the upstream on Esc", async () => {
    const { server, terminal } = await started(() => ({ text: Array.from({ length: 2000 }, (_, index) => `said${index}\n`), pace: 20 }));
    terminal.type("talk");
    await terminal.see(/talk/);
    terminal.press("Enter");
    await terminal.see(/said\d+/);
    const pressed = performance.now();
    terminal.press("Escape");
    await terminal.see(/interrupted/i);
    // What is on the screen may come before what is on the wire.
    const gone = await vi.waitUntil(() => turns(server)[0]?.goneAt, { timeout: 10_000 });
    process.stdout.write(`Codex: the upstream saw Esc after ${Math.round(gone - pressed)} ms\n`);
    expect(turns(server)).toHaveLength(1);
  });

  it("leaves the user's own configuration as it was", async () => {
    const machine = createMachine();
    const server = await serveChat(() => ({ text: ["Fine."] }));
    await machine.configure(chatProfile(server.url));
    mkdirSync(join(machine.home, ".codex"));
    const own =
      'model = "gpt-6"\nmodel_reasoning_effort = "high"\n\n[model_providers.fcc]\nname = "mine"\nbase_url = "http://127.0.0.1:9/v1"\n';
    writeFileSync(join(machine.home, ".codex/config.toml"), own);
    const ended = await machine.fcc(["codex", "exec", "--skip-git-repo-check", "hello"]);
    expect(ended).toMatchObject({ code: 0, stdout: "Fine.\n" });
    expect(readFileSync(join(machine.home, ".codex/config.toml"), "utf8")).toBe(own);
    expect(existsSync(join(machine.home, ".codex/auth.json"))).toBe(false);
    const anywhere = ["-rl", "--exclude-dir=compiled", server.received[0]?.headers.authorization ?? "Bearer", machine.home];
    expect(spawnSync("grep", anywhere).stdout.toString(), "but in fcc's own compiled form").toBe("");
  });
});
