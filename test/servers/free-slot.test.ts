import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { experienced, fccProgram } from "../agents/run.ts";
import { hasTmux, openTerminal } from "../agents/terminal.ts";
import { type LlamaServer, startLlama } from "./llama-server.ts";

const llama = inject("llama");
const { claude = "" } = inject("installed");

describe.skipIf(llama === undefined || claude === "" || !hasTmux)("Esc in Claude Code on a real llama-server", () => {
  let server: LlamaServer;
  beforeAll(async () => {
    // Without it the model may be done before the key is pressed.
    if (llama) server = await startLlama(llama, "hermes", ["--ignore-eos"]);
  });
  afterAll(() => server?.close());

  it.each(["chat", "messages"])("frees the slot as fast as the server lets go: %s wire", async (wire) => {
    const machine = experienced();
    await machine.configure(`profile: local
providers:
  here: { extends: llamacpp, baseUrl: ${server.url}, via: ${wire} }
profiles:
  local: { model: here/smollm2 }
`);
    const trace = join(machine.home, "trace.jsonl");
    const terminal = openTerminal(machine);
    await terminal.see(/ready> /);
    terminal.type(`${process.execPath} ${fccProgram} claude --trace ${trace} --bare --tools Read`);
    terminal.press("Enter");
    await terminal.see(/for shortcuts|Try "|❯/);
    terminal.type("count to a thousand");
    await terminal.see(/count to a thousand/);
    terminal.press("Enter");
    await slot(server.url, (decoded) => (decoded ?? 0) > 10);
    terminal.press("Escape");
    const free = await slot(server.url, (decoded) => decoded === undefined);
    await terminal.see(/Interrupted/i);
    const gone = readFileSync(trace, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; at: number })
      .find(({ type }) => type === "gone");
    expect(gone, "fcc saw its client go").toBeDefined();
    const byFcc = free - (gone?.at ?? 0);
    const byItself = await abortDirectly(server.url);
    process.stdout.write(
      `llama-server, ${wire} wire: its slot was free ${Math.round(byFcc)} ms after the abort, without fcc ${byItself} ms\n`,
    );
    // Left to itself the reply would go on for many seconds; how soon it ends is the figure above, which a busy machine stretches.
    expect(byFcc).toBeLessThan(byItself + 2000);
  });
});

/** How long the server itself takes to see that a client is gone: it looks after each token. */
async function abortDirectly(url: string): Promise<number> {
  const abort = new AbortController();
  const messages = [{ role: "user", content: "count to a thousand" }];
  const body = JSON.stringify({ model: "smollm2", messages, stream: true, max_tokens: 2000 });
  const reply = fetch(`${url}/v1/chat/completions`, { method: "POST", body, signal: abort.signal }).then((response) => response.text());
  await Promise.race([slot(url, (decoded) => (decoded ?? 0) > 10), reply]);
  const gone = Date.now();
  abort.abort();
  await reply.catch(() => {});
  return (await slot(url, (decoded) => decoded === undefined)) - gone;
}

/** When the only slot is as the test wants it, in milliseconds since the epoch: tokens decoded so far, or undefined where it is free. */
async function slot(url: string, wanted: (decoded: number | undefined) => boolean): Promise<number> {
  const until = Date.now() + 60_000;
  for (;;) {
    const [first] = (await (await fetch(`${url}/slots`)).json()) as {
      is_processing: boolean;
      next_token?: { n_decoded: number }[] | { n_decoded: number };
    }[];
    const token = Array.isArray(first?.next_token) ? first.next_token[0] : first?.next_token;
    if (wanted(first?.is_processing ? (token?.n_decoded ?? 0) : undefined)) return Date.now();
    if (Date.now() > until) throw new Error("the slot did not become as wanted within a minute");
  }
}
