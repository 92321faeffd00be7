import { describe, expect, it } from "vitest";
import type { Stop, Usage } from "../../../src/model/event.ts";
import type { FailureKind } from "../../../src/model/failure.ts";
import { callChunk, chunk, done, end, fold, open, read, readText, sse } from "./reading.ts";

const hello = chunk({ content: "Hello" });
const call = callChunk({ index: 0, id: "c1", function: { name: "Read", arguments: "{}" } });

describe("why a reply stopped", () => {
  it.each<[string, object, Stop]>([
    ["stop", end("stop"), { reason: "end" }],
    ["eos", end("eos"), { reason: "end" }],
    ["a word that nobody knows", end("because"), { reason: "end" }],
    ["tool_calls without a call", end("tool_calls"), { reason: "end" }],
    ["length", end("length"), { reason: "max-output" }],
    ["MAX_TOKENS", end("MAX_TOKENS"), { reason: "max-output" }],
    ["model_length", end("model_length"), { reason: "max-output" }],
    ["model_context_window_exceeded", end("model_context_window_exceeded"), { reason: "window-full" }],
    ["content_filter", end("content_filter"), { reason: "refusal" }],
    ["sensitive", end("sensitive"), { reason: "refusal" }],
    ["the stop string of vLLM", chunkEnd({ stop_reason: "STOP" }), { reason: "stop-sequence", sequence: "STOP" }],
    ["the stop string of SGLang", chunkEnd({ matched_stop: "STOP" }), { reason: "stop-sequence", sequence: "STOP" }],
    ["the stop string of llama.cpp", end("stop", { stopping_word: "STOP" }), { reason: "stop-sequence", sequence: "STOP" }],
    [
      "the stop string of llama.cpp, verbose",
      end("stop", { __verbose: { stopping_word: "STOP" } }),
      { reason: "stop-sequence", sequence: "STOP" },
    ],
    ["the only stop string that was asked for", end("stop_sequence"), { reason: "stop-sequence", sequence: "STOP" }],
    ["a stop token", chunkEnd({ stop_reason: 128_009 }), { reason: "end" }],
    ["a stop word that nobody asked for", chunkEnd({ stop_reason: "eos" }), { reason: "end" }],
  ])("%s", (_, last, stop) => {
    expect(read([hello, last, done])).toMatchObject({ parts: ["text:Hello"], stop });
  });

  it("tells a refusal with its explanation, and lets the output limit win over it", () => {
    const refused = [chunk({ refusal: "I will " }), chunk({ refusal: "not." })];
    expect(read([...refused, end(), done])).toMatchObject({
      parts: [],
      stop: { reason: "refusal", explanation: "I will not.", declined: true },
    });
    expect(read([...refused, end("content_filter"), done]).stop).toEqual({ reason: "refusal", explanation: "I will not." });
    expect(read([...refused, end("length"), done])).toMatchObject({ parts: ["text:I will not."], stop: { reason: "max-output" } });
  });

  it.each<[string, (object | string)[], Stop]>([
    ["[DONE] without a finish reason", [hello, done], { reason: "end" }],
    ["[DONE] without a finish reason, after a call", [call, done], { reason: "tool-use" }],
    ["a finish reason without [DONE]", [hello, end()], { reason: "end" }],
    ["an empty finish reason without [DONE]", [hello, chunk({ content: "" }, "")], { reason: "end" }],
    ["[DONE] with spaces", [hello, end(), " [DONE] "], { reason: "end" }],
  ])("%s", (_, chunks, stop) => {
    expect(read(chunks).stop).toEqual(stop);
  });

  const begun = callChunk({ index: 0, id: "c1", function: { name: "Read", arguments: "" } });
  const other = callChunk({ index: 1, id: "c2", function: { name: "Bash", arguments: "{}" } }, "tool_calls");
  it.each<[string, object[], string[], Stop["reason"]]>([
    ["a call", [hello, end(), call, end()], ["text:Hello", "tool:c1:Read:{}"], "tool-use"],
    ["another call", [call, end("tool_calls"), other], ["tool:c1:Read:{}", "tool:c2:Bash:{}"], "tool-use"],
    ["arguments", [begun, end(), callChunk({ index: 0, function: { arguments: "{}" } }), end()], ["tool:c1:Read:{}"], "tool-use"],
    ["a reason that holds", [chunk({ content: "" }, "stop"), hello, end(), end("length")], ["text:Hello"], "max-output"],
    [
      "a reason that a silent chunk follows",
      [chunk({ content: "" }, "stop"), hello, end("length"), chunk({})],
      ["text:Hello"],
      "max-output",
    ],
  ])("is read on after a finish reason that came too early: %s", (_, chunks, parts, reason) => {
    expect(read([...chunks, done])).toMatchObject({ parts, stop: { reason } });
    expect(read([chunk({ content: "" }, "stop"), ...chunks])).toMatchObject({ parts, stop: { reason } });
  });

  it.each<[string, object]>([
    ["its last chunk", chunk({ content: " you" }, "stop")],
    ["all of it", chunk({ content: "Hello you" }, "stop")],
    ["all of it, with the role", chunk({ role: "assistant", content: "Hello you" })],
  ])("says once what is said once more behind a finish reason that came with text: %s", (_, again) => {
    expect(read([hello, chunk({ content: " you" }, "stop"), again, done])).toMatchObject({ parts: ["text:Hello you"] });
  });

  it("waits on behind a finish reason that came too early, or with a first chunk that says nothing", () => {
    const push = (stage: ReturnType<ReturnType<typeof open>["read"]["stream"]>, chunks: object[]) =>
      chunks.flatMap((item) => stage.push({ data: JSON.stringify(item) }));
    const first = open().read.stream();
    expect([...push(first, [chunk({ role: "assistant", content: "" }, "stop")]), ...first.idle()]).toHaveLength(1);
    expect([...push(first, [hello, end()]), ...first.idle()].at(-1)?.type).toBe("text-delta");
    expect(first.end().at(-1)).toMatchObject({ type: "reply-end", stop: { reason: "end" } });
    const cut = open().read.stream();
    push(cut, [end(), hello, end(), chunk({ content: " you" })]);
    expect(cut.end().at(-1)).toMatchObject({ type: "failure", failure: { kind: "cut-off" } });
  });

  it("takes [DONE] as it is with or without a space after data:", () => {
    expect(readText(`data:${JSON.stringify(hello)}\n\ndata:[DONE]\n\n`).stop).toEqual({ reason: "end" });
  });

  it("reads events whose data begin with the field's name once more", () => {
    const text = `data: data: ${JSON.stringify(hello)}\ndata:\ndata:\n\ndata: data: [DONE]\ndata:\n\n`;
    expect(readText(text)).toMatchObject({ parts: ["text:Hello"], stop: { reason: "end" } });
  });
});

function chunkEnd(beside: object): object {
  return { id: "chatcmpl-1", choices: [{ index: 0, delta: {}, finish_reason: "stop", ...beside }] };
}

const counted = { prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 };

describe("usage", () => {
  it.each<[string, (object | string)[], Usage]>([
    ["in a last chunk without choices", [hello, end(), { choices: [], usage: counted }], { input: 120, output: 7 }],
    ["on the finish", [hello, end("stop", { usage: counted })], { input: 120, output: 7 }],
    [
      "in every chunk, the last counts",
      [chunk({ content: "Hello" }, null, { usage: { ...counted, completion_tokens: 1 } }), end("stop", { usage: counted })],
      { input: 120, output: 7 },
    ],
    [
      "null, then figures",
      [chunk({ content: "Hello" }, null, { usage: null }), end("stop", { usage: counted })],
      { input: 120, output: 7 },
    ],
    ["strings and floats", [hello, end("stop", { usage: { prompt_tokens: "120", completion_tokens: 7.0001 } })], { input: 120, output: 7 }],
    ["nothing", [hello, end()], {}],
    ["zeros of a server that does not count", [hello, end("stop", { usage: { prompt_tokens: 0, completion_tokens: 0 } })], {}],
    ["figures missing", [hello, end("stop", { usage: { prompt_tokens: 120 } })], { input: 120 }],
    ["a figure beyond all measure", [hello, end("stop", { usage: { prompt_tokens: 1e300, completion_tokens: 7 } })], { output: 7 }],
    [
      "cached tokens as OpenAI spells them",
      [hello, end("stop", { usage: { ...counted, prompt_tokens_details: { cached_tokens: 100 } } })],
      { input: 120, output: 7, cacheRead: 100 },
    ],
    [
      "cached tokens as DeepSeek spells them",
      [hello, end("stop", { usage: { ...counted, prompt_cache_hit_tokens: 100 } })],
      { input: 120, output: 7, cacheRead: 100 },
    ],
    [
      "cached tokens as Moonshot spells them, in the choice",
      [hello, chunkEnd({ usage: { ...counted, cached_tokens: 100 } })],
      { input: 120, output: 7, cacheRead: 100 },
    ],
    [
      "cached tokens as Mistral spells them",
      [hello, end("stop", { usage: { ...counted, num_cached_tokens: 100 } })],
      { input: 120, output: 7, cacheRead: 100 },
    ],
    [
      "cached tokens as Mistral spells them too",
      [hello, end("stop", { usage: { ...counted, prompt_token_details: { cached_tokens: 100 } } })],
      { input: 120, output: 7, cacheRead: 100 },
    ],
    [
      "cached tokens beside the prompt, as some of xAI's models count",
      [hello, end("stop", { usage: { ...counted, total_tokens: 627, prompt_tokens_details: { cached_tokens: 500 } } })],
      { input: 620, output: 7, cacheRead: 500 },
    ],
    [
      "more cached tokens than there are",
      [hello, end("stop", { usage: { ...counted, cached_tokens: 500 } })],
      { input: 120, output: 7, cacheRead: 120 },
    ],
    [
      "tokens put into the cache as OpenAI spells them",
      [hello, end("stop", { usage: { ...counted, prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 30 } } })],
      { input: 120, output: 7, cacheRead: 80, cacheWrite: 30 },
    ],
    [
      "tokens put into the cache as vLLM spells them",
      [hello, end("stop", { usage: { ...counted, prompt_tokens_details: { cached_tokens: 80, created_cache_tokens: 30 } } })],
      { input: 120, output: 7, cacheRead: 80, cacheWrite: 30 },
    ],
    [
      "tokens put into the cache as new-api spells them",
      [hello, end("stop", { usage: { ...counted, prompt_tokens_details: { cached_tokens: 80, cached_creation_tokens: 30 } } })],
      { input: 120, output: 7, cacheRead: 80, cacheWrite: 30 },
    ],
    ["in x_groq", [hello, end("stop", { x_groq: { id: "r", usage: counted } })], { input: 120, output: 7 }],
    [
      "in timings alone",
      [hello, end("stop", { timings: { cache_n: 100, prompt_n: 20, predicted_n: 7 } })],
      { input: 120, output: 7, cacheRead: 100 },
    ],
    [
      "a total in the place of the output",
      [hello, end("stop", { usage: { prompt_tokens: 120, total_tokens: 127 } })],
      { input: 120, output: 7 },
    ],
    [
      "reasoning within the output",
      [hello, end("stop", { usage: { ...counted, completion_tokens_details: { reasoning_tokens: 3 } } })],
      { input: 120, output: 7, reasoning: 3 },
    ],
    [
      "reasoning beside the output, as xAI counts",
      [hello, end("stop", { usage: { ...counted, total_tokens: 130, completion_tokens_details: { reasoning_tokens: 3 } } })],
      { input: 120, output: 10, reasoning: 3 },
    ],
  ])("%s", (_, chunks, usage) => {
    expect(read([...chunks, done]).usage).toEqual(usage);
  });

  it("ends the reply where it has a chunk of its own, though neither [DONE] nor the connection's end follows", () => {
    const stage = open().read.stream();
    const chunks = [hello, end(), { choices: [], usage: counted }, { choices: [], usage: { ...counted, prompt_tokens: 1 } }];
    expect(fold(chunks.flatMap((item) => stage.push({ data: JSON.stringify(item) })))).toMatchObject({
      stop: { reason: "end" },
      usage: { input: 120, output: 7 },
    });
    expect(stage.end()).toEqual([]);
  });

  it("is waited for after the finish, at most until a beat", () => {
    const stage = open().read.stream();
    const first = [hello, end()].flatMap((item) => stage.push({ data: JSON.stringify(item) }));
    expect(first.at(-1)?.type).toBe("text-delta");
    expect(fold([...first, ...stage.idle()])).toMatchObject({ stop: { reason: "end" } });
    expect(stage.push({ data: JSON.stringify({ choices: [], usage: counted }) })).toEqual([]);
    expect(stage.end()).toEqual([]);
  });
});

describe("a reply that fails", () => {
  const error = { message: "Rate limit reached", type: "rate_limit_error", code: 429 };
  it.each<[string, string, FailureKind]>([
    ["ends without a finish", sse([hello]), "cut-off"],
    ["ends early by Groq's own word", sse([hello, chunk({}, null, { x_groq: { error: "over capacity" } }), done]), "overloaded"],
    ["ends inside a call", sse([call]), "cut-off"],
    [
      "ends inside a call's arguments, and with [DONE]",
      sse([chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "Read", arguments: '{"path":"a' } }] }), done]),
      "cut-off",
    ],
    ["is empty", "", "upstream"],
    ["is only [DONE]", sse([done]), "upstream"],
    ["has only reasoning before [DONE]", sse([chunk({ reasoning_content: "hm" }), done]), "upstream"],
    ["has nothing before [DONE]", sse([chunk({ role: "assistant" }), done]), "upstream"],
    ["has an error in a chunk", sse([hello, { error }]), "rate-limited"],
    ["has an error as its first chunk", sse([{ error }]), "rate-limited"],
    ["has an error beside empty choices", sse([{ choices: [], error }]), "rate-limited"],
    ["has an error in the choice", sse([hello, { choices: [{ index: 0, delta: {}, error, finish_reason: "error" }] }]), "rate-limited"],
    ["has an error as a string", sse([{ error: "Too many requests, rate limit" }]), "rate-limited"],
    ["has an error in a list", sse([[{ error: { code: 429, message: "quota", status: "RESOURCE_EXHAUSTED" } }]]), "rate-limited"],
    ["has FastAPI's detail", sse([{ detail: "server is overloaded" }]), "overloaded"],
    ["has an error event with JSON", `${sse([hello])}event: error\ndata: ${JSON.stringify({ error })}\n\n`, "rate-limited"],
    ["has an error event with text", "event: error\ndata: something broke\n\n", "upstream"],
    [
      "has an error in a field of its own",
      `${sse([hello])}error: {"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}\n\n`,
      "too-long",
    ],
    ["finishes with error", sse([hello, end("error")]), "upstream"],
    ["finishes with network_error", sse([hello, end("network_error")]), "upstream"],
    ["finishes for want of resources", sse([hello, end("insufficient_system_resource")]), "overloaded"],
    ["finishes with Gemini's word for a call that it cannot read", sse([end("function_call_filter: MALFORMED_FUNCTION_CALL")]), "upstream"],
    ["finishes with Gemini's word for a call of no tool", sse([hello, end("function_call_filter: UNEXPECTED_TOOL_CALL")]), "upstream"],
    ["hides an error behind stop", sse([hello, chunkEnd({ native_finish_reason: "MALFORMED_FUNCTION_CALL" })]), "upstream"],
    ["breaks inside a chunk", `${sse([hello])}data: {"choices":[{"delta":{"content":"mor`, "cut-off"],
  ])("%s", (_, text, kind) => {
    expect(readText(text).failure?.kind).toBe(kind);
  });

  it("keeps a reply that was complete before the connection broke", () => {
    const stage = open().read.stream();
    const events = [hello, end()].flatMap((item) => stage.push({ data: JSON.stringify(item) }));
    const broken = stage.fail({ kind: "cut-off", origin: "provider", message: "reset" });
    expect(fold([...events, ...broken]).stop).toEqual({ reason: "end" });
  });

  it.each(["length", "stop"])("keeps a reply that was complete (%s) before the provider told an error", (reason) => {
    const broken = { error, choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }] };
    const stop = { reason: reason === "length" ? "max-output" : "end" };
    expect(read([hello, end(reason), broken, done])).toMatchObject({ parts: ["text:Hello"], stop });
    expect(readText(`${sse([hello, end(reason)])}event: error\ndata: broke\n\n`)).toMatchObject({ parts: ["text:Hello"], stop });
    expect(read([end(reason), broken, done]).failure?.kind).toBe("rate-limited");
  });

  it("tells the transport's failure where the reply was not complete", () => {
    const stage = open().read.stream();
    const failure = { kind: "cut-off", origin: "provider", message: "reset" } as const;
    expect(fold([...stage.push({ data: JSON.stringify(hello) }), ...stage.fail(failure)]).failure).toEqual(failure);
    expect(stage.end()).toEqual([]);
  });

  it("passes over lines that only show life", () => {
    expect(readText(`data: ping\n\ndata:\n\n${sse([hello])}data: {"ping}\n\n${sse([end(), done])}`).parts).toEqual(["text:Hello"]);
  });

  it("reads two chunks that stand in one line", () => {
    expect(readText(`data: ${JSON.stringify(hello)}${JSON.stringify(end())}\n\n`)).toMatchObject({
      parts: ["text:Hello"],
      stop: { reason: "end" },
    });
  });
});

describe("a reply that comes whole", () => {
  const whole = (message: unknown, more: object = {}) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: "stop", ...more }],
    usage: counted,
  });
  const tool_calls = [{ id: "c1", type: "function", function: { name: "Read", arguments: '{"path":"a"}' } }];
  const story = (body: unknown) => fold(open().read.reply(body));

  it.each<[string, unknown, string[]]>([
    ["text", whole({ content: "Hi" }), ["text:Hi"]],
    [
      "reasoning, text and calls",
      whole({ content: "Hi", reasoning_content: "hm", tool_calls }),
      ["thinking:hm", "text:Hi", 'tool:c1:Read:{"path":"a"}'],
    ],
    ["content null", whole({ content: null, tool_calls }), ['tool:c1:Read:{"path":"a"}']],
    ["content in parts", whole({ content: [{ type: "text", text: "Hi" }] }), ["text:Hi"]],
    ["content in one part", whole({ content: { type: "text", text: "Hi" } }), ["text:Hi"]],
    [
      "all of it in OpenRouter's field for the provider",
      { id: null, choices: null, model: null, object: null, provider: { ...whole({ content: "Hi" }), provider: "Google" } },
      ["text:Hi"],
    ],
    ["an empty delta beside the message", whole({ content: "Hi" }, { delta: { role: "assistant", content: "" } }), ["text:Hi"]],
    [
      "text and calls in two choices",
      { ...whole({ content: "Hi" }), choices: [{ message: { content: "Hi" }, finish_reason: "tool_calls" }, { message: { tool_calls } }] },
      ["text:Hi", 'tool:c1:Read:{"path":"a"}'],
    ],
    [
      "text and each call in a choice of its own",
      {
        ...whole({ content: "Hi" }),
        choices: [
          { message: { content: "Hi" }, finish_reason: "tool_calls" },
          { message: { content: null, tool_calls }, finish_reason: "tool_calls" },
          { message: { content: null, tool_calls: [{ ...tool_calls[0], id: "c2" }] }, finish_reason: "tool_calls" },
        ],
      },
      ["text:Hi", 'tool:c1:Read:{"path":"a"}', 'tool:c2:Read:{"path":"a"}'],
    ],
    [
      "one id for all calls, of which the first have no arguments",
      whole({
        content: null,
        tool_calls: ["", "{}", '{"path":"a"}'].map((json) => ({ id: "c1", function: { name: "Read", arguments: json } })),
      }),
      ["tool:c1:Read:{}", "tool:c1:Read:{}", 'tool:c1:Read:{"path":"a"}'],
    ],
    ["nothing", whole({ content: null }), []],
    ["no finish reason", whole({ content: "Hi" }, { finish_reason: null }), ["text:Hi"]],
  ])("%s", (_, body, parts) => {
    expect(story(body)).toMatchObject({ parts, stop: { reason: expect.stringMatching(/end|tool-use/) } });
  });

  it.each<[string, unknown]>([
    ["a web page", "<html><body>Bad gateway</body></html>"],
    ["nothing at all", ""],
    ["an error", { error: { message: "no" } }],
    ["a detail", { detail: "no" }],
    ["a message", { message: "no" }],
    ["no choices", { choices: [] }],
    ["no message", whole(null, { finish_reason: null })],
    ["no message but an end", whole(null)],
    ["not even a message but an end", { choices: [{ index: 0, finish_reason: "stop" }] }],
    ["a message without an answer or an end", whole({ content: "", reasoning_content: "hm" }, { finish_reason: null })],
    ["null", null],
    ["a number", 7],
    ["a list", []],
  ])("%s is a failure", (_, body) => {
    const told = story(body);
    expect(told.failure?.message).toMatch(/./);
  });

  it("is a refusal, or a failure, by its reason alone where Gemini leaves the message out", () => {
    const reason = (finish_reason: string) => ({ choices: [{ index: 0, finish_reason }], usage: counted });
    expect(story(reason("content_filter: PROHIBITED_CONTENT"))).toMatchObject({ parts: [], stop: { reason: "refusal" } });
    expect(open().read.reply(reason("function_call_filter: MALFORMED_FUNCTION_CALL"))).toMatchObject([
      { type: "failure", failure: { kind: "upstream", message: expect.stringContaining("MALFORMED_FUNCTION_CALL") } },
    ]);
  });

  it("names the model that the client asked for", () => {
    expect(open().read.reply(whole({ content: "Hi" }))[0]).toMatchObject({ type: "reply-start", id: "chatcmpl-1" });
  });
});
