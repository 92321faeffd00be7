import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMachine, openProxy, rowProfile } from "../agents/run.ts";
import { startLlama } from "./llama-server.ts";
import { startOllama } from "./ollama-server.ts";

const llama = inject("llama");
const ollama = inject("ollama");

// biome-ignore lint/suspicious/noExplicitAny: bodies of the wire.
type Json = any;

const ways = [
  ["chat", false],
  ["chat", true],
  ["messages", false],
  ["messages", true],
] as const;

const servers = [
  ["llamacpp", "smollm2", llama !== undefined, async () => (llama ? startLlama(llama, "parrot") : undefined)],
  [
    "ollama",
    "parrot",
    ollama !== undefined && llama !== undefined,
    async () => (ollama && llama ? startOllama(ollama, llama.model) : undefined),
  ],
] as const;

describe.each(servers)("the usage of a real %s", (row, model, present, start) => {
  let server: { url: string; close(): Promise<void> } | undefined;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.close());

  it.skipIf(!present).each(ways)("is the server's own by its %s wire, streamed: %s", async (wire, stream) => {
    const machine = createMachine();
    await machine.configure(rowProfile(`extends: ${row}, baseUrl: ${server?.url}, via: ${wire}`, `here/${model}`));
    const trace = join(machine.home, "trace.jsonl");
    const proxy = await openProxy(machine, ["--trace", trace, "--trace-bodies"]);
    const response = await proxy.message({
      max_tokens: 40,
      temperature: 0,
      stream,
      messages: [{ role: "user", content: `Go on with ${wire} ${stream}.` }],
      tools: [{ name: "Read", input_schema: { type: "object", properties: { file_path: { type: "string" } }, required: ["file_path"] } }],
    });
    const told = usageIn(await response.text());
    const attempt = (): Json => read(trace).findLast(({ type }) => type === "attempt");
    await expect.poll(() => attempt()?.body, { timeout: 5000 }).toBeDefined();
    const { url, body } = attempt();
    const sent = typeof body === "string" ? JSON.parse(body) : body;
    // The very same request once more, by hand: a model at temperature 0 says the same.
    const again = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ ...sent, stream: false, stream_options: undefined }),
    });
    const own = usageIn(await again.text());
    expect(told).toEqual(own);
    expect(told.input).toBeGreaterThan(100);
    expect(told.output).toBeGreaterThan(1);
    const noted = () => read(trace).find(({ type }) => type === "answered")?.usage;
    await expect.poll(noted, { timeout: 5000 }).toMatchObject(own);
    expect(noted().estimated).toBeUndefined();
  });
});

/** The whole prompt and the whole output, by the last figures of a reply of either wire, streamed or not. */
function usageIn(text: string): { input: number; output: number } {
  const pieces: Json[] = text.startsWith("{")
    ? [JSON.parse(text)]
    : [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, data]) => JSON.parse(data ?? ""));
  const usage: Json = Object.assign({}, ...pieces.map((piece) => piece.usage ?? piece.message?.usage ?? {}));
  const input = usage.prompt_tokens ?? usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return { input, output: usage.completion_tokens ?? usage.output_tokens };
}

function read(trace: string): Json[] {
  return readFileSync(trace, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}
