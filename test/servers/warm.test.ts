import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createMachine } from "../agents/run.ts";
import { startLlama } from "./llama-server.ts";

const llama = inject("llama");
/** Words of the instructions; a real agent's prompt is ten times as long, which takes minutes on two cores. */
const words = Number(process.env["FCC_WARM_WORDS"] ?? 250);

/** A client whose user reads the screen until the server is idle, then types; prints what its first turn took. */
const client = `
const [{ SERVER, ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_MODEL, WORDS }, wait] = [process.env, (ms) => new Promise((go) => setTimeout(go, ms))];
const text = (count, seed) => Array.from({ length: count }, (_, at) => "rule" + ((at * 7 + seed) % 97)).join(" ");
const processed = async () => Number(/^llamacpp:prompt_tokens_total ([\\d.e+]+)$/m.exec(await (await fetch(SERVER + "/metrics")).text())[1]);
do await wait(1500); while ((await (await fetch(SERVER + "/slots")).json()).some((slot) => slot.is_processing));
const before = await processed();
const begun = performance.now();
const reply = await fetch(ANTHROPIC_BASE_URL + "/v1/messages", { method: "POST",
  headers: { authorization: "Bearer " + ANTHROPIC_AUTH_TOKEN, "content-type": "application/json", "anthropic-version": "2023-06-01" },
  body: JSON.stringify({ model: ANTHROPIC_MODEL, max_tokens: 8, stream: true, system: "You are an agent. " + text(Number(WORDS), 1),
    tools: [{ name: "Read", description: text(30, 2), input_schema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] } }],
    messages: [{ role: "user", content: "Read the notes." }] }) });
let delta;
for await (const bytes of reply.body) if (/content_block_delta/.test(Buffer.from(bytes).toString())) delta ??= performance.now() - begun;
console.log(JSON.stringify({ status: reply.status, delta: Math.round(delta), processed: (await processed()) - before }));
`;

interface Turn {
  readonly status: number;
  /** Milliseconds to the first delta. */
  readonly delta: number;
  /** Tokens of the prompt that the server read for it. */
  readonly processed: number;
}

describe.skipIf(llama === undefined)("the first turn on a real llama-server", () => {
  it("finds its beginning read where an earlier session began in the same way", async () => {
    if (llama === undefined) return;
    const machine = createMachine();
    writeFileSync(join(machine.project, "client.mjs"), client);
    const session = async (): Promise<Turn> => {
      // A fresh server each time: nothing is left of the session before.
      const server = await startLlama(llama, "hermes");
      try {
        await machine.configure(
          `profile: here\nproviders: { lab: { extends: llamacpp, baseUrl: ${server.url} } }\nprofiles: { here: { model: lab/smollm2, warm: true } }\n`,
        );
        const more = { SERVER: server.url, WORDS: String(words) };
        const { stdout, stderr } = await machine.fcc(["run", "--", process.execPath, "client.mjs"], more);
        if (stdout === "") throw new Error(stderr);
        return JSON.parse(stdout) as Turn;
      } finally {
        await server.close();
      }
    };
    const [cold, warmed] = [await session(), await session()];
    const share = (part: number, whole: number) => (part / whole).toFixed(3);
    process.stdout.write(
      `first turn, cold: ${cold.processed} tokens read, first delta after ${cold.delta} ms; warmed: ${warmed.processed} tokens (${share(warmed.processed, cold.processed)}), ${warmed.delta} ms (${share(warmed.delta, cold.delta)})\n`,
    );
    expect([cold.status, warmed.status]).toEqual([200, 200]);
    expect(warmed.processed / cold.processed).toBeLessThan(0.15);
  });
});
