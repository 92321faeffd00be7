import { describe, expect, inject, it } from "vitest";
import { eventsOf, exec, type Json } from "./codex.ts";
import { chatProfile, createMachine, type Ended } from "./run.ts";
import { type Received, type Say, type ScriptedServer, serveChat } from "./scripted.ts";

const { codex = "" } = inject("installed");

async function launched(server: ScriptedServer, more = "", env: Record<string, string> = {}, args: readonly string[] = []): Promise<Ended> {
  const machine = createMachine();
  await machine.configure(chatProfile(server.url).replace("    speaks:", `${more}    speaks:`));
  return machine.fcc(["codex", ...exec, ...args, "go"], env);
}

const openaiError = (message: string, type: string, code: string | number | null = null) => ({
  error: { message, type, param: null, code },
});
const messageOf = (ended: Ended): string => eventsOf(ended.stdout).find(({ type }) => type === "turn.failed")?.error.message ?? "";
const answersOf = (ended: Ended): string[] =>
  eventsOf(ended.stdout).flatMap(({ item }) => (item?.type === "agent_message" ? [item.text] : []));
const fine: Say = { text: ["Fine."] };

/** Failures after which the same request succeeds, with the seconds that Codex waits at least. */
const passing: readonly { readonly name: string; readonly say: Say; readonly wait: number }[] = [
  {
    name: "429 with retry-after",
    say: { fail: { status: 429, headers: { "retry-after": "2" }, body: openaiError("Slow down", "requests", "rate_limit_exceeded") } },
    wait: 2,
  },
  { name: "429 without a word, after which Codex alone would give up", say: { fail: { status: 429, body: "" } }, wait: 4 },
  { name: "529", say: { fail: { status: 529, body: openaiError("Overloaded", "overloaded_error") } }, wait: 0 },
  { name: "500", say: { fail: { status: 500, body: openaiError("The server had an error", "server_error") } }, wait: 0 },
  { name: "a stream that breaks off", say: { text: ["Half "], cut: "broken" }, wait: 0 },
  { name: "a stream that ends too early, as if all were well", say: { text: ["Half "], cut: "clean" }, wait: 0 },
  { name: "a reply of nothing", say: { text: [] }, wait: 0 },
];

/** Answers after which the same request fails again: shown after one request. */
const final: readonly { readonly name: string; readonly fail: NonNullable<Say["fail"]>; readonly says: RegExp }[] = [
  {
    name: "401",
    fail: { status: 401, body: openaiError("Incorrect API key provided.", "invalid_request_error", "invalid_api_key") },
    says: /^lab at http:\S+ refused the key from KEY_ONE: Incorrect API key/,
  },
  { name: "403", fail: { status: 403, body: openaiError("Your organization must be verified.", "x") }, says: /must be verified\.$/ },
  {
    name: "404",
    fail: { status: 404, body: openaiError("The model `scripted` does not exist", "x", "model_not_found") },
    says: /^[^{]*does not exist/,
  },
  {
    name: "400",
    fail: { status: 400, body: openaiError("tools.3 is not to my taste", "invalid_request_error") },
    says: /^[^{]*tools\.3 is not to my taste/,
  },
  {
    name: "a content filter",
    fail: { status: 400, body: openaiError("The response was filtered", "invalid_request_error", "content_filter") },
    says: /^[^{]*The response was filtered/,
  },
  {
    name: "an empty account",
    fail: { status: 402, body: openaiError("Insufficient credits", "x", 402) },
    says: /Quota exceeded|Insufficient credits/,
  },
  {
    name: "a prompt that is too long",
    fail: {
      status: 400,
      body: openaiError(
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
        "x",
        "context_length_exceeded",
      ),
    },
    says: /ran out of room in the model's context window/,
  },
];

describe.skipIf(codex === "")("Codex, when the server fails", () => {
  it.each(passing)("goes on after $name", async ({ say, wait }) => {
    const server = await serveChat([say, fine]);
    const ended = await launched(server);
    expect(answersOf(ended), ended.stdout).toEqual(["Fine."]);
    expect(ended.code).toBe(0);
    expect(server.received).toHaveLength(2);
    const [first, second] = server.received as [Received, Received];
    // Not with half an answer at its end, from which many servers have the model go on.
    expect(second.body.messages).toEqual(first.body.messages);
    expect((second.at - first.at) / 1000).toBeGreaterThanOrEqual(wait);
  });

  it.each(final)("shows $name once, in words and not in JSON", async ({ fail, says }) => {
    const server = await serveChat(() => ({ fail }));
    const ended = await launched(server, "    key: { env: KEY_ONE }\n", { KEY_ONE: "key-of-the-lab" });
    expect(messageOf(ended), ended.stdout + ended.stderr).toMatch(says);
    expect(ended.code).toBe(1);
    expect(server.received).toHaveLength(1);
  });

  it("waits longer than a few seconds for a server that is overloaded, and says what it hears from it", async () => {
    const fail = { status: 529, body: openaiError("No worker is free", "overloaded_error") };
    // More than the five requests after which Codex tells of "capacity" instead.
    const server = await serveChat((_received, count) => (count < 8 ? { fail } : fine));
    const ended = await launched(server);
    expect(answersOf(ended), ended.stdout).toContain("Fine.");
    expect(ended.stdout).toMatch(/Reconnecting.*No worker is free/);
  });

  it("runs a call that was whole before the break once, and goes on", async () => {
    const server = await serveChat([
      { calls: [{ name: "exec_command", input: { cmd: "echo once >> log.txt; cat log.txt" } }], text: ["Run."] },
      fine,
    ]);
    const ended = await launched(server);
    expect(
      eventsOf(ended.stdout).filter(({ type, item }: Json) => type === "item.completed" && item.type === "command_execution"),
    ).toHaveLength(1);
    expect(answersOf(ended)).toEqual(["Run.", "Fine."]);
  });

  it("gives a server that requires it the reasoning of its calls back", async () => {
    const server = await serveChat(({ body }, count) => {
      const asked = body.messages.filter((message: Json) => message.role === "assistant" && message.tool_calls);
      if (asked.some((message: Json) => !message.reasoning_content)) {
        return {
          fail: { status: 400, body: openaiError("The `reasoning_content` in the thinking mode must be passed back to the API.", "x") },
        };
      }
      return count > 2 ? fine : { thinking: `Thought ${count}.`, calls: [{ name: "exec_command", input: { cmd: `echo ${count}` } }] };
    });
    const ended = await launched(server, "    quirks: { reasoningField: reasoning_content, reasoningTurns: all }\n");
    expect(answersOf(ended), ended.stdout).toEqual(["Fine."]);
    const last = server.received.at(-1)?.body.messages.filter((message: Json) => message.role === "assistant");
    expect(last.map((message: Json) => message.reasoning_content)).toEqual(["Thought 1.", "Thought 2."]);
    expect(server.received).toHaveLength(3);
  });

  it("compacts by itself while the window still has room for an output and a reply, and goes on from the summary", async () => {
    const isCompaction = ({ body }: Received) => JSON.stringify(body.messages.at(-1)).includes("CONTEXT CHECKPOINT COMPACTION");
    const server = await serveChat((received, count) => {
      if (isCompaction(received)) return { text: ["SUMMARY of the work"], promptTokens: 25_500 };
      return count === 1
        ? { calls: [{ name: "exec_command", input: { cmd: "echo m4rk3r" } }], promptTokens: 25_000 }
        : { text: ["Went on."], promptTokens: 9000 };
    }, 32_768);
    const ended = await launched(server);
    expect(answersOf(ended), ended.stdout + ended.stderr).toContain("Went on.");
    expect(ended.code).toBe(0);
    expect(server.received.map(isCompaction)).toEqual([false, true, false]);
    expect(JSON.stringify(server.received[2]?.body.messages)).toContain("SUMMARY of the work");
  });
});
