import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createMachine, type Machine } from "../agents/run.ts";
import { startLlama } from "./llama-server.ts";
import { startOllama } from "./ollama-server.ts";

const llama = inject("llama");
const ollama = inject("ollama");
/** Words of the instructions; a real agent's prompt is ten times as long, which takes minutes on two cores. */
const words = Number(process.env["FCC_WARM_WORDS"] ?? 250);

/**
 * A client whose user reads the screen until the server is idle (READS: for so many milliseconds, where the server does not tell), then types;
 * prints what its first turn took.
 */
const client = `
const [{ SERVER, READS, ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_MODEL, WORDS }, wait] = [process.env, (ms) => new Promise((go) => setTimeout(go, ms))];
const text = (count, seed) => Array.from({ length: count }, (_, at) => "rule" + ((at * 7 + seed) % 97)).join(" ");
const processed = async () => READS !== undefined ? 0 : Number(/^llamacpp:prompt_tokens_total ([\\d.e+]+)$/m.exec(await (await fetch(SERVER + "/metrics")).text())[1]);
if (READS !== undefined) await wait(Number(READS)); else do await wait(1500); while ((await (await fetch(SERVER + "/slots")).json()).some((slot) => slot.is_processing));
const before = await processed();
const begun = performance.now();
const reply = await fetch(ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST",
  headers: { authorization: "Bearer " + ANTHROPIC_AUTH_TOKEN, "content-type": "application/json", "anthropic-version": "2023-06-01" },
  body: JSON.stringify({ model: ANTHROPIC_MODEL, max_tokens: 8, stream: true, system: "You are an agent. " + text(Number(WORDS), 1),
    tools: [{ name: "Read", description: text(30, 2), input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] } }],
    messages: [{ role: "user", content: "Read the notes." }] }) });
let delta;
for await (const bytes of reply.body) if (/content_block_delta|message_delta/.test(Buffer.from(bytes).toString())) delta ??= performance.now() - begun;
console.log(JSON.stringify({ status: reply.status, delta: Math.round(delta), processed: (await processed()) - before }));
`;

interface Turn {
  readonly status: number;
  /** Milliseconds to the first delta, or to the end where nothing was said. */
  readonly delta: number;
  /** Tokens of the prompt that the server read for it. */
  readonly processed: number;
}

/** One session on a fresh server, on which nothing is left of the one before. */
async function session(machine: Machine, id: string, model: string, url: string, variables: Record<string, string>): Promise<Turn> {
  await machine.configure(
    `profile: here\nproviders: { lab: { extends: ${id}, baseUrl: ${url} } }\nprofiles: { here: { model: lab/${model}, warm: true } }\n`,
  );
  writeFileSync(join(machine.project, "client.mjs"), client);
  const { stdout, stderr } = await machine.fcc(["run", "--", process.execPath, "client.mjs"], { WORDS: String(words), ...variables });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Turn;
}

function report(name: string, cold: Turn, warmed: Turn): void {
  const share = (part: number, whole: number) => (part / whole).toFixed(3);
  process.stdout.write(
    `${name}: first turn, cold: ${cold.processed} tokens read, first delta after ${cold.delta} ms; warmed: ${warmed.processed} tokens (${share(warmed.processed, cold.processed)}), ${warmed.delta} ms (${share(warmed.delta, cold.delta)})\n`,
  );
}

describe("the first turn finds its beginning read where an earlier session began in the same way", () => {
  it.skipIf(llama === undefined)("on a real llama-server", async () => {
    if (llama === undefined) return;
    const machine = createMachine();
    const turn = async (): Promise<Turn> => {
      const server = await startLlama(llama, "hermes");
      try {
        return await session(machine, "llamacpp", "smollm2", server.url, { SERVER: server.url });
      } finally {
        await server.close();
      }
    };
    const [cold, warmed] = [await turn(), await turn()];
    report("llama-server", cold, warmed);
    expect([cold.status, warmed.status]).toEqual([200, 200]);
    expect(warmed.processed / cold.processed).toBeLessThan(0.15);
  });

  it.skipIf(llama === undefined || ollama === undefined)("on a real Ollama, where a profile asks for it", async () => {
    if (llama === undefined || ollama === undefined) return;
    const machine = createMachine();
    const turn = async (reads: number): Promise<Turn> => {
      const server = await startOllama(ollama, llama.model, { OLLAMA_NUM_PARALLEL: "1" });
      try {
        const seen = await session(machine, "ollama", "parrot", server.url, { READS: String(reads) });
        // What its runner says of each prompt.
        const read = [...server.log().matchAll(/msg="loading cache slot".* remaining=(\d+)/g)].at(-1)?.[1];
        return { ...seen, processed: Number(read) };
      } finally {
        await server.close();
      }
    };
    const cold = await turn(0);
    // It does not tell when it has read a prompt: as long as that took, and half as long again for loading the model.
    const warmed = await turn(cold.delta * 1.5 + 5000);
    report("Ollama", cold, warmed);
    expect([cold.status, warmed.status]).toEqual([200, 200]);
    // This template ends with 170 tokens of its own.
    expect((warmed.processed - 170) / cold.processed).toBeLessThan(0.15);
  });
});
