import { resolve } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { createMachine } from "./run.ts";
import { type Say, type ScriptedServer, serveChat, serveMessages } from "./scripted.ts";
import { serveResponses } from "./scripted-responses.ts";

const { sdks = "" } = inject("installed");
const program = resolve(import.meta.dirname, "fixtures/ask-sdk.mjs");

const servers: Readonly<Record<string, (script: readonly Say[]) => Promise<ScriptedServer>>> = {
  chat: serveChat,
  messages: serveMessages,
  responses: serveResponses,
};
const plain: readonly Say[] = [{ text: ["Sunny ", "in Rome."] }];
const tools: readonly Say[] = [
  { thinking: "I should ask.", text: ["Let me see."], calls: [{ name: "weather", input: { city: "Rome" } }] },
  { text: ["Sunny ", "in Rome."], promptTokens: 1500 },
];
const text = "Sunny in Rome.";
const ran = { text, results: ["Sunny in Rome"], stop: "stop", input: 1500 };

const ways: readonly { readonly way: string; readonly script: readonly Say[]; readonly gives: object }[] = [
  { way: "openai chat", script: plain, gives: { text, stop: "stop", input: 1200 } },
  { way: "openai chat stream, tools run", script: tools, gives: { text, input: 2700 } },
  { way: "openai responses", script: plain, gives: { text, status: "completed", input: 1200 } },
  { way: "openai responses stream, tools, previous_response_id", script: tools, gives: { text, input: 1500, wrong: [] } },
  { way: "anthropic stream, tools", script: tools, gives: { text, stop: ["tool_use", "end_turn"], input: 1500 } },
  { way: "anthropic tool runner", script: tools, gives: { text, input: 1500 } },
  { way: "ai openai chat, tools run", script: tools, gives: ran },
  { way: "ai openai chat stream, tools run", script: tools, gives: ran },
  { way: "ai openai responses, tools run", script: tools, gives: ran },
  { way: "ai openai responses stream, tools run", script: tools, gives: ran },
  { way: "ai openai-compatible, tools run", script: tools, gives: { ...ran, reasoning: "I should ask." } },
  { way: "ai openai-compatible stream, tools run", script: tools, gives: { ...ran, reasoning: "I should ask." } },
  { way: "ai anthropic, tools run", script: tools, gives: { ...ran, reasoning: "I should ask." } },
  { way: "ai anthropic stream, tools run", script: tools, gives: { ...ran, reasoning: "I should ask." } },
];

describe.skipIf(sdks === "").each(Object.keys(servers))("the public SDKs under `fcc run` on a server of %s", (wire) => {
  it.each(ways)("$way", async ({ way, script, gives }) => {
    const machine = createMachine();
    const server = await servers[wire]?.(script);
    if (server === undefined) throw new Error(`no server of ${wire}`);
    await machine.configure(`profile: scripted
providers:
  lab:
    speaks: { ${wire}: { baseUrl: ${server.url}/v1 } }
profiles:
  scripted:
    model: lab/scripted
`);
    const ended = await machine.fcc(["run", "--", process.execPath, program, sdks, way]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject(gives);
    expect(server.received, "a hidden retry").toHaveLength(script.length);
    // However the client names what the model said before, the model reads it; where bytes pass, names are the server's own business.
    const native = wire === "responses" && way.includes("openai responses");
    if (script === tools && !native) expect(JSON.stringify(server.received.at(-1))).toContain("Let me see.");
  });
});
