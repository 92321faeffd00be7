import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMachine, type OpenProxy, openProxy, rowProfile } from "../agents/run.ts";
import { type LlamaServer, startLlama } from "./llama-server.ts";
import { type OllamaServer, startOllama } from "./ollama-server.ts";

const llama = inject("llama");
const ollama = inject("ollama");

// biome-ignore lint/suspicious/noExplicitAny: bodies of the wire.
type Json = any;

const tools = ["Read", "Glob"].map((name) => ({
  name,
  description: `${name} looks at files of the project.`,
  input_schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { file_path: { type: "string" } },
    required: ["file_path"],
    additionalProperties: false,
  },
}));

/** What the templates make the model call. */
const parroted = { name: "Read", input: { file_path: "README.md" } };

/** What the assistant is made to have said in a turn, for a session that is the same on every server. */
const said = (turn: number): Json[] =>
  turn % 2 === 1
    ? [
        { type: "text", text: `Step ${turn}: I look.` },
        { type: "tool_use", id: `toolu_${turn}`, name: "Read", input: { file_path: `file${turn}.ts` } },
      ]
    : [{ type: "text", text: `Step ${turn} is done.` }];

/**
 * A session of ten turns as Claude Code would lead it, system turns in the middle and a billing line that differs in each request
 * included: whenever the assistant calls a tool it gets a result, otherwise the user says something new. "live" goes on with what the
 * model answers, "scripted" with what it is made to have said.
 */
async function session(
  proxy: OpenProxy,
  kind: "live" | "scripted",
  watch: (turn: number) => Promise<void>,
): Promise<{ calls: Json[]; usages: Json[]; stops: Json[] }> {
  const messages: Json[] = [];
  const usages: Json[] = [];
  const stops: Json[] = [];
  const calls: Json[] = [];
  for (let turn = 1; turn <= 10; turn += 1) {
    const last = messages.at(-1);
    const open = last?.role === "assistant" ? last.content.filter((block: Json) => block.type === "tool_use") : [];
    if (open.length > 0)
      messages.push({
        role: "user",
        content: open.map((block: Json) => ({ type: "tool_result", tool_use_id: block.id, content: `line ${turn} of the file` })),
      });
    else messages.push({ role: "user", content: [{ type: "text", text: `Step ${turn}: go on.` }] });
    if (turn === 1 || turn === 6) messages.push({ role: "system", content: `Reminder number ${turn}: be brief.` });
    const response = await proxy.message({
      max_tokens: 48,
      stream: false,
      temperature: 0,
      system: [
        { type: "text", text: `x-anthropic-billing-header: cc_version=2.1.330.${turn}; cch=${turn}${turn};` },
        { type: "text", text: `You are an agent. ${"Work with care. ".repeat(40)}` },
      ],
      messages,
      tools,
    });
    const reply = (await response.json()) as Json;
    expect(response.status, JSON.stringify(reply)).toBe(200);
    const content = reply.content.filter((block: Json) => block.type !== "text" || block.text.trim() !== "");
    const called = content.filter((block: Json) => block.type === "tool_use");
    calls.push(...called);
    stops.push({ called: called.length > 0, reason: reply.stop_reason });
    usages.push(reply.usage);
    const live = content.length > 0 ? content : [{ type: "text", text: "(nothing)" }];
    messages.push({ role: "assistant", content: kind === "live" ? live : said(turn) });
    await watch(turn);
  }
  return { calls, usages, stops };
}

describe.skipIf(llama === undefined)("ten turns with tools on a real llama-server", () => {
  let server: LlamaServer;
  beforeAll(async () => {
    if (llama) server = await startLlama(llama, "hermes");
  });
  afterAll(() => server?.close());

  it.each(["chat", "messages"])("processes again only what is new: %s wire", async (wire) => {
    const machine = createMachine();
    await machine.configure(rowProfile(`extends: llamacpp, baseUrl: ${server.url}, via: ${wire}`, "here/smollm2"));
    const proxy = await openProxy(machine);
    const processed: number[] = [];
    let before = await promptTokens(server.url);
    const { usages } = await session(proxy, "scripted", async () => {
      const now = await promptTokens(server.url);
      processed.push(now - before);
      before = now;
    });
    const whole = usages.map((usage) => usage.input_tokens + (usage.cache_read_input_tokens ?? 0));
    const fresh = whole.slice(1).reduce((sum, tokens, index) => sum + tokens - (whole[index] ?? 0), 0);
    const again = processed.slice(1).reduce((sum, tokens) => sum + tokens, 0);
    process.stdout.write(
      `llama-server, ${wire} wire: ${again} prompt tokens processed in turns 2-10 for ${fresh} new ones: ${(again / fresh).toFixed(2)}\n`,
    );
    expect(again / fresh).toBeLessThanOrEqual(1.05);
  });
});

describe.skipIf(ollama === undefined || llama === undefined)("ten turns with tools on a real Ollama", () => {
  let server: OllamaServer;
  beforeAll(async () => {
    if (ollama && llama) server = await startOllama(ollama, llama.model);
  });
  afterAll(() => server?.close());

  it.each(["chat", "messages"])("keeps calls and results: %s wire", async (wire) => {
    const machine = createMachine();
    await machine.configure(rowProfile(`extends: ollama, baseUrl: ${server.url}, via: ${wire}`, "here/parrot"));
    const proxy = await openProxy(machine);
    const { calls, usages, stops } = await session(proxy, "live", async () => {});
    // A call at every turn of the user's, and words after every result.
    expect(calls.length).toBeGreaterThanOrEqual(4);
    for (const { id, name, input } of calls) expect({ id, name, input }).toEqual({ id: expect.stringMatching(/./), ...parroted });
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
    for (const { called, reason } of stops) expect(called ? ["tool_use"] : ["end_turn", "max_tokens"]).toContain(reason);
    expect(usages.every((usage) => usage.input_tokens > 0 && usage.output_tokens > 0)).toBe(true);
  });
});

async function promptTokens(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^llamacpp:prompt_tokens_total ([\d.e+]+)$/m.exec(text)?.[1] ?? Number.NaN);
}
