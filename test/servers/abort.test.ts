import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMachine, type OpenProxy, openProxy, rowProfile } from "../agents/run.ts";
import { startLlama } from "./llama-server.ts";
import { startOllama } from "./ollama-server.ts";

const llama = inject("llama");
const ollama = inject("ollama");

interface Slot {
  readonly is_processing: boolean;
}

/** A reply that would go on for thousands of tokens, left after its first bytes. Answers when that was. */
async function leave(proxy: OpenProxy): Promise<number> {
  const controller = new AbortController();
  const messages = [{ role: "user", content: "Count from one to ten thousand in words, and leave none out." }];
  const response = await proxy.message({ max_tokens: 6000, temperature: 0, stream: true, messages }, controller.signal);
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  let text = "";
  while (!text.includes("content_block_delta")) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) throw new Error(`the reply ended: ${text}`);
    text += new TextDecoder().decode(piece.value);
  }
  controller.abort();
  return performance.now();
}

describe.skipIf(llama === undefined)("a client that goes away from a real llama-server in the middle of a reply", () => {
  let server: Awaited<ReturnType<typeof startLlama>>;
  beforeAll(async () => {
    if (llama) server = await startLlama(llama, "hermes");
  });
  afterAll(() => server?.close());

  it.each(["chat", "messages"])("frees the server's slot: %s wire", async (wire) => {
    const machine = createMachine();
    // Only by the chat wire does this server take what keeps the model from ending by itself.
    const quirks = wire === "chat" ? ", quirks: { extraBody: { ignore_eos: true } }" : "";
    await machine.configure(rowProfile(`extends: llamacpp, baseUrl: ${server.url}, via: ${wire}${quirks}`, "here/smollm2"));
    const busy = async () => ((await (await fetch(`${server.url}/slots`)).json()) as Slot[]).some((slot) => slot.is_processing);
    const left = await leave(await openProxy(machine));
    await expect.poll(busy, { timeout: 10_000, interval: 20 }).toBe(false);
    const took = performance.now() - left;
    process.stdout.write(`llama-server, ${wire} wire: the slot was free ${Math.round(took)} ms after the client had gone\n`);
    expect(took).toBeLessThan(3000);
  });
});

describe.skipIf(ollama === undefined || llama === undefined)("a client that goes away from a real Ollama in the middle of a reply", () => {
  let server: Awaited<ReturnType<typeof startOllama>>;
  beforeAll(async () => {
    if (ollama && llama) server = await startOllama(ollama, llama.model, { OLLAMA_NUM_PARALLEL: "1" });
  });
  afterAll(() => server?.close());

  it("lets the next request in at once", async () => {
    const machine = createMachine();
    await machine.configure(rowProfile(`extends: ollama, baseUrl: ${server.url}`, "here/parrot"));
    const proxy = await openProxy(machine);
    const left = await leave(proxy);
    const next = await proxy.message({ max_tokens: 1, messages: [{ role: "user", content: "Hello." }] });
    expect(next.status).toBe(200);
    const took = performance.now() - left;
    process.stdout.write(`Ollama: the next request was answered ${Math.round(took)} ms after the client had gone\n`);
    expect(took).toBeLessThan(10_000);
  });
});
