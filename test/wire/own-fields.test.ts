import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { ClientWire, ProviderWire } from "../../src/model/wire.ts";
import { chatClient } from "../../src/wire/chat/client.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { messagesProvider } from "../../src/wire/messages/provider.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";

const ids = { next: (prefix: string) => `${prefix}1` };

function rewrite([client, provider]: readonly [ClientWire, ProviderWire], body: object, quirks: Quirks = {}): Record<string, unknown> {
  const accepted = client.accept(body, { ids, now: 0 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const wire = provider === messagesProvider ? "messages" : provider === chatProvider ? "chat" : "responses";
  const { request } = mend(accepted.request, { quirks, ids, wire, inputEstimate: () => 1 });
  return provider.open(request, { ids, model: "m", maker: "lab/m", quirks }).body;
}

describe("a Messages conversation that is written anew", () => {
  const messages = [messagesClient, messagesProvider] as const;
  const ask = { role: "user", content: [{ type: "text", text: "hi" }] };

  it.each([
    ["whether a document is to be cited", { type: "document", source: { type: "url", url: "u" }, citations: { enabled: true } }],
    [
      "the blocks by which it is cited",
      { type: "document", source: { type: "content", content: [{ type: "text", text: "a" }] }, citations: { enabled: true } },
    ],
    ["whom a cache mark is for", { type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h", scope: "global" } }],
  ])("keeps %s", (_name, block) => {
    const { messages: written } = rewrite(messages, { model: "m", max_tokens: 1, messages: [{ role: "user", content: [block] }] });
    expect(written).toEqual([{ role: "user", content: [block] }]);
  });

  it("keeps what the model cited, and whose code called a tool", () => {
    const said = [
      { type: "text", text: "So it says.", citations: [{ type: "char_location", cited_text: "it", document_index: 0 }] },
      { type: "tool_use", id: "toolu_1", name: "f", input: {}, caller: { type: "code_execution_20260120", tool_id: "srvtoolu_1" } },
    ];
    const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "x" }] };
    const given = { model: "m", max_tokens: 1, messages: [ask, { role: "assistant", content: said }, result] };
    expect(rewrite(messages, given)).toMatchObject({ messages: [ask, { content: said }, {}] });
    const bare = rewrite(messages, given, { nativeFaults: ["unknown-parts"] });
    expect(JSON.stringify(bare)).not.toMatch(/citations|caller/);
  });

  it("says nothing of a field without a value", () => {
    const text = { type: "text", text: "x", citations: null };
    const { messages: written } = rewrite(messages, { model: "m", max_tokens: 1, messages: [{ role: "user", content: [text] }] });
    expect(written).toEqual([{ role: "user", content: [{ type: "text", text: "x" }] }]);
  });
});

describe("a Responses conversation that is written anew", () => {
  const responses = [responsesClient, responsesProvider] as const;
  const ask = { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] };
  const patch = { type: "custom", name: "patch", format: { type: "grammar", syntax: "lark", definition: "start: /a/" } };
  const items = [
    { type: "custom_tool_call", id: "ctc_1", call_id: "c1", name: "patch", input: "*** Begin" },
    { type: "custom_tool_call_output", call_id: "c1", output: "done" },
  ];
  const given = { model: "m", input: [ask, ...items], tools: [patch], tool_choice: { type: "custom", name: "patch" } };

  it("keeps a tool that takes free text, and its calls", () => {
    const { id: _, ...call } = items[0] as { id?: string };
    expect(rewrite(responses, given)).toMatchObject({
      input: [ask, call, items[1]],
      tools: [patch],
      tool_choice: { type: "custom", name: "patch" },
    });
  });

  it.each<Quirks["nativeFaults"]>([["tool-kinds"], ["unknown-parts"]])(
    "has a function in its place where a server knows no other: %s",
    (fault) => {
      expect(rewrite(responses, given, { nativeFaults: fault === undefined ? [] : [fault].flat() })).toMatchObject({
        input: [ask, { type: "function_call", arguments: '{"input":"*** Begin"}' }, { type: "function_call_output", call_id: "c1" }],
        tools: [{ type: "function", name: "patch" }],
        tool_choice: { type: "function", name: "patch" },
      });
    },
  );

  it("says a tool's description once, where it is longer than the server takes", () => {
    const tools = [{ ...patch, description: "x. ".repeat(50) }];
    const written = rewrite(responses, { model: "m", input: "hi", tools }, { toolDescriptionLength: 100 });
    expect(written).toMatchObject({ tools: [{ type: "function", name: "patch" }] });
  });

  it.each([
    [
      "what a text cites",
      { type: "output_text", text: "x", annotations: [{ type: "url_citation", url: "u", start_index: 0, end_index: 1 }] },
    ],
    ["that the model declined", { type: "refusal", refusal: "no" }],
  ])("keeps %s", (_name, part) => {
    const message = { type: "message", role: "assistant", content: [part] };
    expect(rewrite(responses, { model: "m", input: [ask, message, ask] }).input).toEqual([ask, message, ask]);
  });

  it("keeps how large a picture is to stay", () => {
    const picture = { type: "input_image", image_url: "https://example.com/a.png", detail: "original" };
    const message = { type: "message", role: "user", content: [picture] };
    expect(rewrite(responses, { model: "m", input: [message] }).input).toEqual([message]);
  });

  it("keeps reasoning that no one else is known to have sealed", () => {
    const reasoning = { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "gAAAA" };
    const said = { type: "message", role: "assistant", content: [{ type: "output_text", text: "x" }] };
    const input = [ask, { ...reasoning, id: "rs_1" }, said, ask];
    expect(rewrite(responses, { model: "m", input }).input).toEqual([ask, reasoning, said, ask]);
  });
});

describe("a chat conversation that is written anew", () => {
  const chat = [chatClient, chatProvider] as const;
  const hello = { role: "user", content: "hi" };
  const marked = { type: "text", text: "x", cache_control: { type: "ephemeral" } };
  const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };
  const result = { role: "tool", tool_call_id: "call_1", content: "r" };

  it.each<[string, ...object[]]>([
    ["who speaks", { ...hello, name: "alice" }],
    ["marks for the cache of what the user says", { role: "user", content: [marked, { type: "text", text: "y" }] }],
    ["marks for the cache of instructions", { role: "system", content: [marked] }, hello],
    [
      "marks for the cache of an answer and of a result",
      hello,
      { role: "assistant", content: [marked], tool_calls: [call] },
      { ...result, content: [marked] },
    ],
    ["a reply in sound", hello, { role: "assistant", content: null, audio: { id: "audio_1" } }, hello],
    ["a file that the server keeps", { role: "user", content: [{ type: "file", file: { file_id: "file_1" } }] }],
    ["what the model declined with", hello, { role: "assistant", content: null, refusal: "no" }, hello],
    [
      "reasoning in the field by which the client gives it back",
      hello,
      { role: "assistant", content: "a", reasoning_content: "hm" },
      hello,
    ],
    [
      "reasoning that the server sealed",
      hello,
      { role: "assistant", content: "a", reasoning: "hm", reasoning_details: [{ type: "reasoning.text", text: "hm", signature: "s" }] },
      hello,
    ],
    ["the pages that an answer cites", hello, { role: "assistant", content: "a", annotations: [{ type: "url_citation" }] }, hello],
    [
      "the signature of a call",
      hello,
      { role: "assistant", content: null, tool_calls: [{ ...call, extra_content: { google: { thought_signature: "s" } } }] },
      result,
    ],
    ["that an answer is to be gone on with", hello, { role: "assistant", content: "a", prefix: true }],
  ])("keeps %s", (_name, ...messages) => {
    expect(rewrite(chat, { model: "m", messages }).messages).toEqual(messages);
  });

  it("leaves a message's own out for another wire, and where a turn is two messages in one", () => {
    const said = { role: "assistant", content: "a", name: "one" };
    const messages = [hello, said, { ...said, content: "b", name: "two" }, hello];
    const { messages: written } = rewrite(chat, { model: "m", messages });
    expect(written).toEqual([hello, { role: "assistant", content: "a\n\nb" }, hello]);
    const accepted = chatClient.accept({ model: "m", messages }, { ids, now: 0 });
    if ("failure" in accepted) throw new Error(accepted.failure.message);
    const { request } = mend(accepted.request, { quirks: {}, ids, wire: "messages", inputEstimate: () => 1 });
    expect(request.turns[1]?.parts.map(({ type }) => type)).toEqual(["text", "text"]);
  });

  it("has no message of which nothing is said but whose it is", () => {
    const messages = [hello, { role: "assistant", content: "", name: "planner", provider_specific_fields: { x: 1 } }, hello];
    expect(rewrite(chat, { model: "m", messages }).messages).toEqual([hello, hello]);
  });

  it("is texts only where a template takes no more", () => {
    const messages = [hello, { role: "assistant", content: [marked] }, { role: "user", content: [marked, marked] }];
    const { messages: written } = rewrite(chat, { model: "m", messages }, { wordlessCalls: "empty" });
    expect(written).toEqual([hello, { role: "assistant", content: "x" }, { role: "user", content: "x\nx" }]);
  });

  it("has reasoning as the server is known to take it", () => {
    const messages = [hello, { role: "assistant", content: "a", reasoning: "hm" }, hello];
    const known = (quirks: Quirks) => (rewrite(chat, { model: "m", messages }, quirks).messages as readonly object[])[1];
    expect(known({ reasoningField: "reasoning_content" })).toEqual({ role: "assistant", content: "a", reasoning_content: "hm" });
    expect(known({ reasoningField: "none" })).toEqual({ role: "assistant", content: "a" });
    expect(known({ refusedFields: ["reasoning"] })).toEqual({ role: "assistant", content: "a" });
  });
});
