import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMachine, type Machine, openProxy, rowProfile } from "../agents/run.ts";
import { type OllamaServer, startOllama } from "./ollama-server.ts";

const llama = inject("llama");
const ollama = inject("ollama");
const { claude = "" } = inject("installed");

const configure = (machine: Machine, url: string) =>
  machine.configure(rowProfile(`extends: ollama, baseUrl: ${url}`, "{ target: here/parrot, maxOutput: 512 }"));

interface Running {
  readonly models: readonly { readonly name: string; readonly context_length: number }[];
}

describe.skipIf(ollama === undefined || llama === undefined)("a stock Ollama, whose window cuts an agent's prompt silently", () => {
  let server: OllamaServer;
  beforeAll(async () => {
    // The default is 4,096 without a graphics card; reading a prompt that is longer than that takes minutes here.
    if (ollama && llama) server = await startOllama(ollama, llama.model, { OLLAMA_CONTEXT_LENGTH: "256" });
  });
  afterAll(() => server?.close());

  it("runs with the window that the launch says, nothing of the prompt is cut, and nothing is left behind", async () => {
    const machine = createMachine();
    await configure(machine, server.url);
    const proxy = await openProxy(machine);
    const response = await proxy.message({
      max_tokens: 16,
      // More than 4,096 tokens before the end.
      system: `Begin. ${"The quick brown fox jumps over the lazy dog. ".repeat(450)}`,
      messages: [{ role: "user", content: "go on" }],
      tools: [
        {
          name: "Read",
          description: `Reads a file. ${"It is said here at length. ".repeat(10)}`,
          input_schema: { type: "object", properties: { file_path: { type: "string" } }, required: ["file_path"] },
        },
      ],
    });
    const reply = (await response.json()) as { readonly usage: { readonly input_tokens: number } };
    expect(response.status, JSON.stringify(reply)).toBe(200);
    expect(reply.usage.input_tokens, "a prompt that was cut counts no more than the window").toBeGreaterThan(400);
    const running = (await (await fetch(`${server.url}/api/ps`)).json()) as Running;
    expect(running.models.map(({ context_length }) => context_length)).toEqual([8192]);
    expect(await server.models()).toHaveLength(2);
    const { stderr } = await proxy.close();
    expect(stderr).toContain("run on here/parrot (8k context");
    expect(await server.models()).toEqual(["parrot:latest"]);
  });

  it("two launches side by side do not touch each other's copy, and the next one removes what a killed one left", async () => {
    const machine = createMachine();
    await configure(machine, server.url);
    const first = await openProxy(machine);
    const second = await openProxy(machine);
    expect(await server.models()).toHaveLength(3);
    await first.close();
    const [left, ...others] = (await server.models()).filter((name) => name !== "parrot:latest");
    expect(others).toEqual([]);
    expect(left).toMatch(/^fcc\/parrot:latest-8192-[0-9a-f]{6}$/);
    // The client lives on when fcc is killed: it is ended here.
    const client = Number(execFileSync("pgrep", ["-P", String(second.pid)], { encoding: "utf8" }));
    process.kill(second.pid, "SIGKILL");
    process.kill(client, "SIGTERM");
    const third = await openProxy(machine);
    await expect.poll(server.models, { timeout: 5000 }).toHaveLength(2);
    expect(await server.models()).not.toContain(left);
    await third.close();
    expect(await server.models()).toEqual(["parrot:latest"]);
  });

  // A model this small answers in words now and then, and calls nothing.
  it.skipIf(claude === "")("carries Claude Code's whole loop: call, result, answer", { retry: 2 }, async () => {
    const machine = createMachine();
    await configure(machine, server.url);
    const args = ["claude", "--bare", "--tools", "Read", "--max-turns", "3", "-p", "read it", "--output-format", "json"];
    const ended = await machine.fcc(args, { CLAUDE_CODE_MAX_RETRIES: "0" });
    const result = JSON.parse(ended.stdout) as { readonly subtype: string; readonly num_turns: number };
    // A call, its result and an answer; now and then so small a model goes on calling until the client stops it.
    expect(["success", "error_max_turns"], ended.stderr + ended.stdout).toContain(result.subtype);
    expect(ended.code).toBe(result.subtype === "success" ? 0 : 1);
    expect(result.num_turns).toBeGreaterThanOrEqual(2);
    expect(await server.models()).toEqual(["parrot:latest"]);
  });

  it("is told a prompt over its window in the client's own words, before it is cut", async () => {
    const machine = createMachine();
    await configure(machine, server.url);
    const proxy = await openProxy(machine);
    const messages = [{ role: "user", content: "The quick brown fox jumps over the lazy dog. ".repeat(1000) }];
    const response = await proxy.message({ max_tokens: 16, messages });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/prompt is too long: \d+ tokens > 8192 maximum/);
  });

  it("is listed with its window and where that was read", async () => {
    const machine = createMachine();
    await configure(machine, server.url);
    const table = await machine.fcc(["models"]);
    expect(table.stdout).toMatch(/^here\/parrot +\S+/m);
    expect(table.stdout).not.toContain("fcc/");
    const listed = JSON.parse((await machine.fcc(["models", "--json"])).stdout) as unknown[];
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ target: "here/parrot", id: "parrot" });
  });
});
