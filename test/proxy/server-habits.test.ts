import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { rows } from "../../src/providers/index.ts";
import { chooseWire } from "../../src/route/choose-wire.ts";
import type { Provider, Target } from "../../src/route/target.ts";
import { closedAfterEachTest } from "../support/closing.ts";
import { profileOf, providerAt, targetOf } from "../support/provider.ts";
import { eventsOf, type Launch, launch, messagesRequest, saidIn } from "../support/proxy.ts";
import {
  answerJson,
  answerStream,
  answerText,
  chatStream,
  messagesStream,
  type Script,
  startUpstream,
  type Upstream,
} from "../support/upstream.ts";

/**
 * What servers on people's own machines do that an agent would trip over, observed on llama-server, Ollama 0.17.4 and vLLM 0.32.0, and
 * what becomes of each: mended, told, or left for a reason. Where another test holds it, the table says which.
 */
interface Habit {
  readonly habit: string;
  readonly becomes: "mended" | "told" | "left";
  readonly how: string;
  /** Absent where `how` names the test that holds it. */
  readonly holds?: () => Promise<void>;
}

const open = closedAfterEachTest();

type RowId = "llamacpp" | "ollama" | "vllm";

/** A launch on a server of this kind, as its row has it. */
async function start(
  id: RowId,
  scripts: readonly Script[],
  target: Partial<Target> = {},
  over: Partial<Provider> = {},
): Promise<{ upstream: Upstream; proxy: Launch }> {
  const upstream = await startUpstream(...scripts);
  const { row } = at(id, upstream.url);
  const provider = providerAt(upstream.url, { id, row, quirks: row.quirks, speaks: row.speaks, ...over });
  const proxy = await launch(profileOf([targetOf(provider, "the-model", target)]));
  open.push(proxy, upstream);
  return { upstream, proxy };
}

function at(id: RowId, url: string) {
  const row = rows[id];
  if (row === undefined) throw new Error(id);
  return { row: { ...row, speaks: { chat: { baseUrl: `${url}/v1` }, messages: { baseUrl: url }, responses: { baseUrl: `${url}/v1` } } } };
}

const recorded = (path: string) => readFileSync(resolve(import.meta.dirname, "../recordings", path), "utf8");
const native = (server: string, name: string): Script => {
  const found = (JSON.parse(recorded(`native/${server}.json`)) as { name: string; status: number; type: string; reply: string }[]).find(
    (one) => one.name === name,
  );
  if (found === undefined) throw new Error(name);
  return answerText(found.reply, found.status, { "content-type": found.type });
};
const sse = (path: string): Script => answerText(recorded(path), 200, { "content-type": "text/event-stream" });
const tools = [
  {
    name: "Read",
    description: "reads",
    input_schema: { type: "object", properties: { file_path: { type: "string" } }, required: ["file_path"] },
  },
];
const wire = (id: RowId, client: "messages" | "responses") => {
  const { row } = at(id, "http://127.0.0.1:9");
  const target = targetOf(providerAt("http://127.0.0.1:9", { id, row, quirks: row.quirks, speaks: row.speaks }));
  return chooseWire({ target, quirks: row.quirks }, client, {});
};

const habits: readonly Habit[] = [
  {
    habit: "a busy machine writes a hundred times slower than an idle one",
    becomes: "mended",
    how: "no total time-out: a reply lives for as long as something comes",
    async holds() {
      const slow = answerStream(chatStream(["a", "b", "c", "d", "e", "f", "g", "h"]), { every: 60 });
      const { proxy } = await start("llamacpp", [slow], {}, { timeout: { connect: 200, firstByte: 200, idle: 200 } });
      expect(saidIn((await proxy.post("/v1/messages", messagesRequest())).text)).toBe("abcdefgh");
    },
  },
  {
    habit: "llama.cpp drops tools where the template knows none",
    becomes: "told",
    how: "a line at the start, from what the server says of the model: program/bad-inputs",
  },
  {
    habit: "Ollama drops the oldest turns of a prompt over its window without a word",
    becomes: "told",
    how: "a prompt over the window is refused before it is sent, so that the client compacts; the launch gives the model a larger window",
    async holds() {
      const { proxy, upstream } = await start("ollama", [answerStream(chatStream(["x"]))], { context: 4096 });
      const answer = await proxy.post(
        "/v1/messages",
        messagesRequest({ messages: [{ role: "user", content: "many words ".repeat(10_000) }] }),
      );
      expect([answer.status, answer.json.error.message]).toEqual([
        400,
        expect.stringMatching(/^prompt is too long: \d+ tokens > 4096 maximum/),
      ]);
      expect(upstream.requests.length).toBe(0);
    },
  },
  { habit: "each server has its own words for a prompt that is too long", becomes: "mended", how: "proxy/native-recordings, wire/failure" },
  { habit: "errors on the Messages endpoint in OpenAI's shape", becomes: "mended", how: "proxy/native-recordings" },
  {
    habit: "llama.cpp says 500 for an image that the model cannot see, and for a request without messages",
    becomes: "mended",
    how: "400, which the client does not send again and again",
    async holds() {
      for (const name of ["msg-image", "msg-no-messages"]) {
        const { proxy } = await start("vllm", [native("llamacpp", name)]);
        expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(400);
      }
      const { proxy } = await start("llamacpp", [
        answerText(recorded("chat/llamacpp/image.json"), 500, { "content-type": "application/json" }),
      ]);
      expect((await proxy.post("/v1/messages", messagesRequest())).status).toBe(400);
    },
  },
  {
    habit: "llama.cpp repeats the beginning of the answer that the client gave",
    becomes: "mended",
    how: "what the client already has is taken off the reply",
    async holds() {
      const { proxy } = await start("llamacpp", [sse("chat/llamacpp/prefill-stream.sse")]);
      const { messages } = JSON.parse(recorded("chat/llamacpp/prefill-stream.request.json")) as { messages: unknown[] };
      expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ messages }))).text)).toBe(" two three four");
    },
  },
  {
    habit: "llama.cpp says 503 on every path while it loads the model",
    becomes: "told",
    how: "as a wait with retry-after; no other address is tried for it",
    async holds() {
      const { proxy, upstream } = await start("llamacpp", [native("llamacpp-loading", "chat-nonstream")]);
      const answer = await proxy.post("/v1/messages", messagesRequest());
      expect([answer.status, answer.json.error.type, answer.headers["retry-after"]]).toEqual([529, "overloaded_error", "5"]);
      expect(upstream.requests.length).toBe(1);
    },
  },
  {
    habit: "no server tells which stop string ended a reply",
    becomes: "mended",
    how: "bytes do not pass from llama.cpp and Ollama; on chat the strings are looked for here",
    async holds() {
      const { proxy } = await start("llamacpp", [answerStream(chatStream(["one ", "ST", "OP two"]))]);
      const { text } = await proxy.post("/v1/messages", messagesRequest({ stop_sequences: ["STOP"] }));
      expect(saidIn(text)).toBe("one ");
      expect(eventsOf(text).find(({ name }) => name === "message_delta")?.data.delta).toMatchObject({
        stop_reason: "stop_sequence",
        stop_sequence: "STOP",
      });
    },
  },
  {
    habit: "Ollama guesses the input tokens at the start of a Messages stream",
    becomes: "mended",
    how: "the last figure counts",
    async holds() {
      const script = native("ollama", "msg-stream");
      const { proxy } = await start("vllm", [script]);
      const { text } = await proxy.post("/v1/messages", messagesRequest());
      const told = eventsOf(text).find(({ name }) => name === "message_delta")?.data.usage;
      expect(proxy.facts.at(-1)).toMatchObject({ usage: { input: told.input_tokens, output: told.output_tokens } });
    },
  },
  {
    habit: "ids of calls look like nobody's, and a call's block has no input",
    becomes: "mended",
    how: "the id comes back as it was given, the block is whole",
    async holds() {
      const { proxy, upstream } = await start("llamacpp", [sse("chat/llamacpp-parrot/auto-stream.sse"), answerStream(chatStream(["ok"]))]);
      const { text } = await proxy.post("/v1/messages", messagesRequest({ tools }));
      const block = eventsOf(text).find(({ data }) => data.content_block?.type === "tool_use")?.data.content_block;
      expect(block).toMatchObject({ input: {}, id: expect.any(String) });
      expect(recorded("chat/llamacpp-parrot/auto-stream.sse")).toContain(block.id);
      const history = [
        { role: "user", content: "hi" },
        { role: "assistant", content: [{ ...block, input: { file_path: "x" } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: block.id, content: "y" }] },
      ];
      await proxy.post("/v1/messages", messagesRequest({ tools, messages: history }));
      expect(upstream.requests[1]?.text.split(`"${block.id}"`).length).toBe(3);
    },
  },
  {
    habit: "a reply that is cut inside a call loses it, or writes half of it as text",
    becomes: "mended",
    how: "no half call is run",
    async holds() {
      for (const path of ["chat/llamacpp-tools/cut-in-tool.sse"]) {
        const { proxy } = await start("llamacpp", [sse(path)]);
        const { text } = await proxy.post("/v1/messages", messagesRequest({ tools }));
        const stop = eventsOf(text).find(({ name }) => name === "message_delta")?.data.delta.stop_reason;
        expect(stop).toBe("max_tokens");
      }
    },
  },
  {
    habit: "llama.cpp's Responses: a cut reply is completed, items have no index, and arguments no end",
    becomes: "mended",
    how: "Codex is served on chat there",
    async holds() {
      expect(wire("llamacpp", "responses")).toEqual({ wire: "chat", native: false });
    },
  },
  {
    habit: "vLLM refuses an output limit over its window, and Claude Code asks for 32,000",
    becomes: "mended",
    how: "the most that it names is kept to, from the same request on",
    async holds() {
      const refuse = answerJson(
        {
          type: "error",
          error: {
            type: "BadRequestError",
            message: "max_completion_tokens=32000 cannot be greater than max_model_len=2048. Please request fewer output tokens.",
          },
        },
        400,
      );
      const { proxy, upstream } = await start("vllm", [refuse, answerStream(messagesStream(["ok"]))]);
      expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }))).text)).toBe("ok");
      await proxy.post("/v1/messages", messagesRequest({ max_tokens: 32_000 }));
      expect(upstream.requests.map(({ json }) => (json as { max_tokens: number }).max_tokens)).toEqual([32_000, 2048, 2048]);
    },
  },
  {
    habit: "vLLM may write arguments that are no object",
    becomes: "left",
    how: "bytes pass there: the client answers such a call with an error, from which the model goes on; on chat they are mended: mend/arguments",
  },
  {
    habit: "vLLM with a forced call that is cut writes it as text, or invents a second one",
    becomes: "left",
    how: "no agent forces a call on a limit that small; text is read for calls: mend/text-tools",
  },
  {
    habit: "Ollama refuses reasoning_effort for a model that does not reason, and calls the model by another name",
    becomes: "mended",
    how: "the same request without it, and so from then on",
    async holds() {
      const refuse = answerJson(
        { error: { message: '"registry/library/the-model:latest" does not support thinking', type: "api_error" } },
        400,
      );
      const { proxy, upstream } = await start("ollama", [refuse, answerStream(chatStream(["ok"]))]);
      const asking = messagesRequest({ thinking: { type: "adaptive" }, output_config: { effort: "high" } });
      expect(saidIn((await proxy.post("/v1/messages", asking)).text)).toBe("ok");
      await proxy.post("/v1/messages", asking);
      expect(upstream.requests.map(({ json }) => Object.hasOwn(json as object, "reasoning_effort"))).toEqual([true, false, false]);
    },
  },
  {
    habit: "images and documents to a text model vanish with 200",
    becomes: "told",
    how: "the launch knows from the server that the model is blind; a word stands in the image's place",
    async holds() {
      const { proxy, upstream } = await start("ollama", [answerStream(chatStream(["ok"]))], {
        quirks: { ...rows["ollama"]?.quirks, images: false },
      });
      const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "aGVsbG8=" } };
      await proxy.post(
        "/v1/messages",
        messagesRequest({ messages: [{ role: "user", content: [image, { type: "text", text: "what is it?" }] }] }),
      );
      expect(upstream.requests[0]?.text).toContain("image omitted");
      expect(upstream.requests[0]?.text).not.toContain("aGVsbG8=");
    },
  },
  {
    habit: "Ollama makes a message of each text in a list, whose result then has no tool, and refuses a turn that is only `refusal`",
    becomes: "mended",
    how: "what only chat says of a part is left out there, so that text is a string",
    async holds() {
      const { proxy, upstream } = await start("ollama", [answerStream(chatStream(["ok"]))]);
      const text = (text: string) => ({ type: "text", text, cache_control: { type: "ephemeral" } });
      const call = { id: "call_1", type: "function", function: { name: "read", arguments: "{}" } };
      await proxy.post("/v1/chat/completions", {
        model: "m",
        stream: true,
        messages: [
          { role: "user", content: [text("a"), text("b")] },
          { role: "assistant", content: null, refusal: "no" },
          { role: "user", name: "bob", content: "c" },
          { role: "assistant", content: null, tool_calls: [call] },
          { role: "tool", tool_call_id: "call_1", content: [text("one"), text("two")] },
        ],
      });
      const body = upstream.requests[0]?.json as { readonly messages: readonly unknown[] } | undefined;
      expect(body?.messages).toEqual([
        { role: "user", content: "a\nb" },
        { role: "assistant", content: "no" },
        { role: "user", content: "c" },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "call_1", content: "one\ntwo" },
      ]);
    },
  },
  {
    habit: "Ollama's empty reply has null for its content",
    becomes: "mended",
    how: "Claude Code is served on chat there; an empty reply is an empty list",
    async holds() {
      expect(wire("ollama", "messages")).toEqual({ wire: "chat", native: false });
      const empty = {
        id: "c",
        object: "chat.completion",
        model: "m",
        choices: [{ index: 0, message: { role: "assistant", content: null }, finish_reason: "stop" }],
      };
      const { proxy } = await start("ollama", [answerJson(empty)]);
      const { json } = await proxy.post("/v1/messages", messagesRequest({ stream: false }));
      expect(Array.isArray(json.content)).toBe(true);
    },
  },
  {
    habit: "llama.cpp's Messages endpoint passes only the fields that it knows on to the model",
    becomes: "mended",
    how: "Claude Code is served on chat there, which takes all",
  },
  {
    habit: "llama.cpp without a key lets any page in the browser use it",
    becomes: "left",
    how: "its address is not fcc's to close (set --api-key); fcc's own refuses pages: proxy/door",
  },
  {
    habit: "the billing line that Claude Code puts first stays in the prompt, and changes with each request",
    becomes: "mended",
    how: "it is taken out, so that the server's cache of the prompt holds",
    async holds() {
      const { proxy, upstream } = await start("llamacpp", [answerStream(chatStream(["ok"]))]);
      const system = [
        { type: "text", text: "x-anthropic-billing-header: cc_version=2.1.330; cc_entrypoint=cli; cch=abc;" },
        { type: "text", text: "You are an agent." },
      ];
      await proxy.post("/v1/messages", messagesRequest({ system }));
      expect(upstream.requests[0]?.text).toContain("You are an agent.");
      expect(upstream.requests[0]?.text).not.toContain("billing");
    },
  },
  {
    habit: "one server ignores the model's name, another needs it exactly, a third has aliases",
    becomes: "mended",
    how: "each gets the name in the target; a name that it does not have ends the launch: program/bad-inputs",
    async holds() {
      const { proxy, upstream } = await start("vllm", [answerStream(messagesStream(["ok"]))]);
      await proxy.post("/v1/messages", messagesRequest());
      expect(upstream.requests[0]?.json).toMatchObject({ model: "the-model" });
    },
  },
  {
    habit: "a small model repeats the tags of its template as text",
    becomes: "left",
    how: "what is no call stays text: nothing that a model says is lost",
    async holds() {
      const { proxy } = await start("llamacpp", [answerStream(chatStream(["<tool_response>\n", "42", "</tool_response>"]))]);
      expect(saidIn((await proxy.post("/v1/messages", messagesRequest({ tools }))).text)).toContain("42");
    },
  },
];

describe("habits of servers", () => {
  it.each(habits.filter(({ holds }) => holds !== undefined).map((one) => [one.habit, one.becomes, one.how, one] as const))(
    "%s: %s (%s)",
    async (_habit, _becomes, _how, { holds }) => {
      await holds?.();
    },
  );

  it("each has an outcome, and a reason or a test that stands for it", () => {
    for (const { habit, how, holds } of habits) expect(holds !== undefined || how.length > 20, habit).toBe(true);
  });
});
