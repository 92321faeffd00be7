import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import type { WireName } from "../../src/model/opaque.ts";
import { pipe, runStage } from "../../src/model/pipe.ts";
import type { ClientWire, ProviderWire } from "../../src/model/wire.ts";
import { chatClient } from "../../src/wire/chat/client.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { messagesProvider } from "../../src/wire/messages/provider.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";
import { readSse } from "../../src/wire/sse.ts";

const ids = { next: (prefix: string) => `${prefix}1` };

/** What a client of one wire hears of what a server of another says. */
function hear(wire: WireName, client: ClientWire, server: ProviderWire, body: object) {
  const accepted = client.accept(body, { ids, now: 0 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const { request, events } = mend(accepted.request, { quirks: {}, ids, wire, inputEstimate: () => 1 });
  const { read } = server.open(request, { ids, model: "m", maker: "lab/m", quirks: {} });
  return {
    whole: (reply: unknown) => JSON.parse(JSON.stringify(accepted.write.reply(runStage(events(), read.reply(reply))))),
    streamed(said: readonly object[]): { readonly [field: string]: unknown }[] {
      const bytes = said.map((event) => new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
      const heard = runStage(pipe(pipe(pipe(readSse(), read.stream()), events()), accepted.write.stream("r")), bytes).join("");
      return heard.split("\n").flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6))] : []));
    },
  };
}

const asked = {
  model: "m",
  max_tokens: 9,
  messages: [{ role: "user", content: "hi" }],
  tools: [{ name: "f", input_schema: { type: "object" } }],
};
const citation = { type: "char_location", cited_text: "it", document_index: 0, start_char_index: 0, end_char_index: 2 };
const caller = { type: "code_execution_20260120", tool_id: "srvtoolu_1" };

describe("a Messages reply that is written anew", () => {
  const { whole, streamed } = hear("messages", messagesClient, messagesProvider, asked);
  const call = { type: "tool_use", id: "toolu_1", name: "f", caller };

  it("says what a text cites and whose code calls, whole", () => {
    const content = [
      { type: "text", text: "A. " },
      { type: "text", text: "So.", citations: [citation, citation] },
      { ...call, input: { a: 1 } },
    ];
    const reply = { id: "msg_1", type: "message", role: "assistant", content, stop_reason: "tool_use", usage: {} };
    expect(whole(reply).content).toEqual(content);
  });

  it("says them as they come, streamed", () => {
    const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
    const cites = delta(0, { type: "citations_delta", citation });
    const said = [
      { type: "message_start", message: { id: "msg_1", usage: {} } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "", citations: [] } },
      delta(0, { type: "text_delta", text: "So." }),
      cites,
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: { ...call, input: {} } },
      delta(1, { type: "input_json_delta", partial_json: "{}" }),
      { type: "content_block_stop", index: 1 },
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: {} },
      { type: "message_stop" },
    ];
    const heard = streamed(said);
    expect(heard.filter(({ index }) => index === 0).slice(1, 3)).toEqual([delta(0, { type: "text_delta", text: "So." }), cites]);
    expect(heard).toContainEqual({ type: "content_block_start", index: 1, content_block: { ...call, input: {} } });
  });

  it("leaves out what is no citation", () => {
    const content = [{ type: "text", text: "So.", citations: [null, "x", citation] }];
    const reply = { id: "msg_1", type: "message", role: "assistant", content, stop_reason: "end_turn", usage: {} };
    expect(whole(reply).content).toEqual([{ type: "text", text: "So.", citations: [citation] }]);
    const said = [
      { type: "message_start", message: { id: "msg_1", usage: {} } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "So." } },
      { type: "content_block_delta", index: 0, delta: { type: "citations_delta" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: {} },
      { type: "message_stop" },
    ];
    expect(JSON.stringify(streamed(said))).not.toContain("citations_delta");
  });

  it("says in which container its code ran and all of its usage, whole", () => {
    const usage = {
      ...{ input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 3, cache_read_input_tokens: 0, service_tier: "priority" },
      ...{ cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 3 }, server_tool_use: { web_search_requests: 1 } },
    };
    const container = { id: "container_1", expires_at: "2026-01-01T00:00:00Z" };
    const beside = { container, context_management: { applied_edits: [{ type: "clear_tool_uses_20250919" }] } };
    const content = [{ type: "text", text: "So." }];
    const reply = { id: "msg_1", type: "message", role: "assistant", model: "m", content, ...beside };
    expect(whole({ ...reply, stop_reason: "end_turn", stop_sequence: null, usage })).toMatchObject({ ...beside, usage });
  });

  it("says them where they were said, streamed", () => {
    const start = { input_tokens: 1, output_tokens: 1, service_tier: "priority", cache_creation: { ephemeral_1h_input_tokens: 3 } };
    const end = { output_tokens: 2, server_tool_use: { web_search_requests: 1 } };
    const delta = { stop_reason: "end_turn", container: { id: "container_1" } };
    const context_management = { applied_edits: [{ type: "clear_tool_uses_20250919" }] };
    const heard = streamed([
      { type: "message_start", message: { id: "msg_1", container: null, usage: start } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "So." } },
      { type: "message_delta", delta, context_management, usage: end },
      { type: "message_stop" },
    ]);
    expect(heard[0]).toMatchObject({ message: { usage: start } });
    expect(heard.at(-2)).toMatchObject({ type: "message_delta", delta, context_management, usage: end });
    expect(heard.at(-2)).not.toHaveProperty("usage.service_tier");
  });

  it("says with what another model may go on where this one declined", () => {
    const stop_details = { type: "refusal", category: "cyber", explanation: "No.", fallback_credit_token: "t", recommended_model: "n" };
    const delta = { stop_reason: "refusal", stop_sequence: null, stop_details };
    const content = [{ type: "text", text: "So" }];
    expect(whole({ id: "msg_1", type: "message", role: "assistant", content, ...delta, usage: {} })).toMatchObject(delta);
    const heard = streamed([
      { type: "message_start", message: { id: "msg_1", usage: {} } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "So" } },
      { type: "message_delta", delta, usage: {} },
      { type: "message_stop" },
    ]);
    expect(heard.at(-2)).toMatchObject({ type: "message_delta", delta });
  });

  it("says nothing of them on another wire", () => {
    const other = hear("messages", responsesClient, messagesProvider, { model: "m", input: "hi" });
    const content = [{ type: "text", text: "So.", citations: [citation] }];
    const reply = { id: "msg_1", type: "message", role: "assistant", content, stop_reason: "end_turn", usage: {} };
    expect(other.whole(reply).output).toMatchObject([{ type: "message", content: [{ text: "So.", annotations: [] }] }]);
  });
});

describe("a Responses reply that is written anew", () => {
  const { whole, streamed } = hear("responses", responsesClient, responsesProvider, { model: "m", input: "hi" });
  const annotation = { type: "url_citation", url: "https://example.com", title: "X", start_index: 0, end_index: 3 };
  const part = { type: "output_text", text: "So.", annotations: [annotation], logprobs: [] };
  const item = { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [part] };
  const response = { id: "resp_1", object: "response", status: "completed", output: [item], usage: {} };

  it("says what a text cites, whole", () => expect(whole(response).output).toMatchObject([{ content: [part] }]));

  it("says by which tier it was served, and all of its usage", () => {
    const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3, cost: 0.1 };
    const told = { service_tier: "priority", billing: { payer: "developer" }, usage };
    expect(whole({ ...response, ...told })).toMatchObject(told);
    expect(Object.keys(whole({ ...told, ...response }))[0]).toBe("id");
    const heard = streamed([
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { ...response, ...told } },
    ]);
    expect(heard.at(-1)).toMatchObject({ response: told });
  });

  it("says what the client asked for as it was asked", () => {
    const told = { ...response, temperature: 0.5, metadata: { a: "b" }, tools: [{ type: "function", name: "other" }] };
    expect(whole(told)).toMatchObject({ temperature: 1, metadata: {}, tools: [] });
  });

  it("leaves out what is no annotation", () => {
    const other = { ...item, content: [{ ...part, annotations: [null, annotation] }] };
    expect(whole({ ...response, output: [other] }).output).toMatchObject([{ content: [part] }]);
  });

  it("says it as it comes, streamed", () => {
    const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
    const heard = streamed([
      { type: "response.created", response: { id: "resp_1" } },
      { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
      { type: "response.output_text.delta", ...at, delta: "So." },
      { type: "response.output_text.annotation.added", ...at, annotation_index: 0, annotation },
      { type: "response.output_text.done", ...at, text: "So." },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response },
    ]);
    expect(heard.filter(({ type }) => type === "response.output_text.annotation.added")).toMatchObject([
      { annotation_index: 0, annotation },
    ]);
    expect(heard.at(-1)).toMatchObject({ response: { output: [{ content: [part] }] } });
  });
});

describe("a chat reply that is written anew", () => {
  const body = { model: "m", messages: [{ role: "user", content: "hi" }], stream_options: { include_usage: true } };
  const { whole, streamed } = hear("chat", chatClient, chatProvider, body);
  const annotation = { type: "url_citation", url_citation: { url: "https://example.com", title: "X", start_index: 0, end_index: 3 } };
  const top = { system_fingerprint: "fp_1", service_tier: "flex", citations: ["https://example.com"] };
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.1, completion_tokens_details: { audio_tokens: 1 } };
  const chunk = (delta: object, finish_reason: string | null = null) => ({ id: "c1", choices: [{ index: 0, delta, finish_reason }] });

  it("says what it cites and what its server says of it, whole", () => {
    const message = { role: "assistant", content: "So.", annotations: [annotation] };
    const heard = whole({ id: "c1", ...top, choices: [{ index: 0, message, finish_reason: "stop" }], usage });
    expect(heard).toMatchObject({ ...top, choices: [{ message }], usage });
  });

  it("says them in its chunks from when they are known, streamed", () => {
    const { citations, ...first } = top;
    const heard = streamed([
      { ...chunk({ role: "assistant", content: "So." }), ...first, obfuscation: "x" },
      { ...chunk({ annotations: [annotation] }), ...first },
      { ...chunk({}, "stop"), ...first, citations },
      { id: "c1", choices: [], ...first, usage },
    ]);
    for (const said of heard) expect(said).toMatchObject(first);
    expect(heard).toContainEqual(
      expect.objectContaining({ choices: [{ index: 0, delta: { annotations: [annotation] }, finish_reason: null }] }),
    );
    expect(heard.at(-2)).toMatchObject({ ...top, choices: [{ finish_reason: "stop" }], usage: null });
    expect(heard.at(-1)).toMatchObject({ ...first, choices: [], usage });
    expect(JSON.stringify(heard)).not.toContain("obfuscation");
  });

  it("says lists and objects in one chunk, which may be as long as the prompt", () => {
    const early = { prompt_token_ids: [1, 2, 3], timings: { predicted_n: 1 } };
    const late = { timings: { predicted_n: 3 } };
    const heard = streamed([
      { ...chunk({ role: "assistant", content: "So" }), ...early },
      chunk({ content: " it" }),
      chunk({ content: " is." }),
      { ...chunk({}, "stop"), ...late },
      { id: "c1", choices: [], usage },
    ]);
    const holding = (name: string) => heard.filter((said) => name in said).map((said) => said[name]);
    expect(holding("prompt_token_ids")).toEqual([early.prompt_token_ids]);
    expect(holding("timings")).toEqual([early.timings, late.timings]);
    expect(heard.at(-2)).toMatchObject(late);
  });

  it("says on the Responses wire which pages it cites, whole and streamed", () => {
    const other = hear("chat", responsesClient, chatProvider, { model: "m", input: "hi" });
    const unplaced = { type: "url_citation", url_citation: { url: "https://example.org" } };
    const annotations = [annotation, { type: "file", file: {} }, unplaced];
    const told = [
      { type: "url_citation", ...annotation.url_citation },
      { type: "url_citation", url: "https://example.org", title: "https://example.org", start_index: 0, end_index: 3 },
    ];
    const message = { role: "assistant", content: "So.", annotations };
    const heard = other.whole({ id: "c1", choices: [{ index: 0, message, finish_reason: "stop" }], usage });
    expect(heard.output).toMatchObject([{ content: [{ text: "So.", annotations: told }] }]);
    const events = other.streamed([chunk({ content: "So." }), chunk({ annotations }), chunk({}, "stop")]);
    expect(events.flatMap(({ type, annotation: one }) => (type === "response.output_text.annotation.added" ? [one] : []))).toEqual(told);
    expect(events.at(-1)).toMatchObject({ response: { output: [{ content: [{ annotations: told }] }] } });
  });

  it("says nothing of them on another wire", () => {
    const other = hear("chat", messagesClient, chatProvider, asked);
    const message = { role: "assistant", content: "So.", annotations: [annotation] };
    const heard = other.whole({ id: "c1", ...top, choices: [{ index: 0, message, finish_reason: "stop" }], usage });
    expect(heard).toMatchObject({ content: [{ type: "text", text: "So." }] });
    expect(Object.keys(heard)).not.toEqual(expect.arrayContaining(["citations"]));
    expect(Object.keys(heard.usage)).not.toContain("cost");
  });
});

describe("a chat client", () => {
  const body = { model: "m", messages: [{ role: "user", content: "hi" }], stream: true };
  const cites = (url: string, title: string, start_index: number, end_index: number) => ({
    type: "url_citation",
    url_citation: { url, title, start_index, end_index },
  });
  const annotationsIn = (heard: readonly { readonly [field: string]: unknown }[]) =>
    heard.flatMap(({ choices }) => (choices as { delta: { annotations?: unknown } }[])[0]?.delta.annotations ?? []).flat();

  it("is told the pages that a Messages reply cites, with where their text stands in the whole", () => {
    const { whole, streamed } = hear("messages", chatClient, messagesProvider, body);
    const page = { type: "web_search_result_location", url: "https://example.com", title: "X", cited_text: "it", encrypted_index: "e" };
    const content = [
      { type: "text", text: "A. " },
      { type: "text", text: "So.", citations: [page, citation] },
      { type: "text", text: " B." },
    ];
    const reply = { id: "msg_1", type: "message", role: "assistant", content, stop_reason: "end_turn", usage: {} };
    const told = [cites("https://example.com", "X", 3, 6)];
    expect(whole(reply).choices[0].message).toMatchObject({ content: "A. So. B.", annotations: told });
    const heard = streamed([
      { type: "message_start", message: { id: "msg_1", usage: {} } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "A. " } },
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: { type: "text", text: "", citations: [] } },
      { type: "content_block_delta", index: 1, delta: { type: "citations_delta", citation: page } },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "So." } },
      { type: "content_block_stop", index: 1 },
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
      { type: "message_stop" },
    ]);
    expect(annotationsIn(heard)).toEqual(told);
  });

  it("is told those of a Responses reply, whose texts are one here", () => {
    const { whole, streamed } = hear("responses", chatClient, responsesProvider, body);
    const annotation = { type: "url_citation", url: "https://example.com", title: "X", start_index: 1, end_index: 3 };
    const text = (said: string, annotations: unknown[]) => ({ type: "output_text", text: said, annotations, logprobs: [] });
    const content = [text("A. ", []), text("So.", [annotation, { type: "file_citation", file_id: "f", index: 1 }])];
    const item = { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
    const response = { id: "resp_1", object: "response", status: "completed", output: [item], usage: {} };
    const told = [cites("https://example.com", "X", 4, 6)];
    expect(whole(response).choices[0].message).toMatchObject({ content: "A. So.", annotations: told });
    const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
    const heard = streamed([
      { type: "response.created", response: { id: "resp_1" } },
      { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
      { type: "response.output_text.delta", ...at, delta: "A. " },
      { type: "response.output_text.done", ...at, text: "A. " },
      { type: "response.output_text.delta", ...at, content_index: 1, delta: "So." },
      { type: "response.output_text.annotation.added", ...at, content_index: 1, annotation_index: 0, annotation },
      { type: "response.output_text.done", ...at, content_index: 1, text: "So." },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response },
    ]);
    expect(annotationsIn(heard)).toEqual(told);
  });
});
