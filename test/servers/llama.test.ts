import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createMachine, rowProfile } from "../agents/run.ts";
import { type LlamaServer, startLlama } from "./llama-server.ts";

const llama = inject("llama");
const { claude = "" } = inject("installed");

interface TraceLine {
  readonly type: string;
  readonly status?: number;
  readonly usage?: { readonly input?: number; readonly output?: number; readonly estimated?: true };
}

describe.skipIf(llama === undefined || claude === "")("Claude Code on a real llama-server", () => {
  let server: LlamaServer;
  beforeAll(async () => {
    if (llama) server = await startLlama(llama, "parrot");
  });
  afterAll(() => server?.close());

  it.each(["chat", "messages"])("makes the whole loop, tool call, result and answer, by its %s wire", async (wire) => {
    const machine = createMachine();
    writeFileSync(join(machine.project, "README.md"), "wombat\n");
    await machine.configure(rowProfile(`extends: llamacpp, baseUrl: ${server.url}, via: ${wire}`, "here/smollm2"));
    const trace = join(machine.home, "trace.jsonl");
    const before = await metrics(server.url);
    const ended = await machine.fcc(
      ["claude", "--trace", trace, "--bare", "--tools", "Read", "--max-turns", "3", "-p", "read it", "--output-format", "json"],
      { CLAUDE_CODE_MAX_RETRIES: "0" },
    );
    const after = await metrics(server.url);
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(ended.stderr, "the window is the server's").toMatch(/8k context/);
    const result = JSON.parse(ended.stdout) as { num_turns: number; is_error: boolean };
    expect(result).toMatchObject({ is_error: false, num_turns: 2 });
    const answered = readFileSync(trace, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TraceLine)
      .filter((line) => line.type === "answered" && line.usage !== undefined);
    expect(answered).toHaveLength(2);
    const sum = (pick: (usage: NonNullable<TraceLine["usage"]>) => number | undefined) =>
      answered.reduce((total, line) => total + (pick(line.usage ?? {}) ?? Number.NaN), 0);
    expect(sum((usage) => usage.output)).toBe(after.predicted - before.predicted);
    expect(sum((usage) => usage.input)).toBeGreaterThanOrEqual(after.prompt - before.prompt);
    expect(answered.some((line) => line.usage?.estimated)).toBe(false);
  });
});

/** The server's own counters: prompt tokens processed (without those from its cache) and tokens predicted. */
async function metrics(url: string): Promise<{ prompt: number; predicted: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^llamacpp:${name} ([\\d.e+]+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  return { prompt: read("prompt_tokens_total"), predicted: read("tokens_predicted_total") };
}
