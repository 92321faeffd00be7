import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mend } from "../../src/mend/mend.ts";
import { type WireName, wireNames } from "../../src/model/opaque.ts";
import type { Quirks } from "../../src/model/quirks.ts";
import type { ClientWire, ProviderWire } from "../../src/model/wire.ts";
import { chatClient } from "../../src/wire/chat/client.ts";
import { chatProvider } from "../../src/wire/chat/provider.ts";
import { messagesClient } from "../../src/wire/messages/client.ts";
import { messagesProvider } from "../../src/wire/messages/provider.ts";
import { responsesClient } from "../../src/wire/responses/client.ts";
import { responsesProvider } from "../../src/wire/responses/provider.ts";
import { text } from "./arbitraries.ts";
import { countingIds } from "./translation.ts";

const clients: Readonly<Record<WireName, ClientWire>> = { chat: chatClient, messages: messagesClient, responses: responsesClient };
const providers: Readonly<Record<WireName, ProviderWire>> = {
  chat: chatProvider,
  messages: messagesProvider,
  responses: responsesProvider,
};

interface Exchange {
  readonly asked: string;
  readonly said: string;
  readonly input: string;
  readonly result: string;
  readonly own: { readonly [name: string]: unknown };
}

/** What servers may say of a part next year. */
const own = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(fc.nat(), text, fc.record({ x: text })), { minKeys: 1, maxKeys: 3 })
  .map((fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [`next_${name}`, value])));
const exchanges: fc.Arbitrary<readonly Exchange[]> = fc.array(fc.record({ asked: text, said: text, input: text, result: text, own }), {
  minLength: 1,
  maxLength: 3,
});

/** A conversation of each wire, in which every part has fields of its own. */
const bodies: Readonly<Record<WireName, (said: readonly Exchange[]) => { readonly [field: string]: unknown }>> = {
  messages: (said) => ({
    model: "m",
    max_tokens: 9,
    messages: said.flatMap(({ asked, said, input, result, own }, at) => [
      {
        role: "user",
        content: [
          { type: "text", text: asked, ...own },
          { ...document, ...own },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: said, ...own },
          { type: "tool_use", id: `c${at}`, name: "f", input: { input }, ...own },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: `c${at}`, content: [{ type: "text", text: result, ...own }], ...own }],
      },
    ]),
  }),
  responses: (said) => ({
    model: "m",
    input: said.flatMap(({ asked, said, input, result, own }, at) => [
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: asked, ...own },
          { ...picture, ...own },
        ],
      },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: said, ...own }] },
      { type: "function_call", call_id: `c${at}`, name: "f", arguments: JSON.stringify({ input }), ...own },
      { type: "function_call_output", call_id: `c${at}`, output: [{ type: "input_text", text: result, ...own }], ...own },
      { type: "custom_tool_call", call_id: `d${at}`, name: "g", input, ...own },
      { type: "custom_tool_call_output", call_id: `d${at}`, output: result, ...own },
    ]),
  }),
  chat: (said) => ({
    model: "m",
    messages: said.flatMap(({ asked, said, input, result, own }, at) => [
      {
        role: "user",
        content: [
          { type: "text", text: asked, ...own },
          { ...photo, ...own },
        ],
        ...own,
      },
      {
        role: "assistant",
        content: said,
        tool_calls: [{ id: `c${at}`, type: "function", function: { name: "f", arguments: JSON.stringify({ input }) }, ...own }],
        ...own,
      },
      { role: "tool", tool_call_id: `c${at}`, content: [{ type: "text", text: result, ...own }], ...own },
    ]),
  }),
};
const document = { type: "document", source: { type: "text", media_type: "text/plain", data: "d" } };
const picture = { type: "input_image", image_url: "https://example.com/a.png", detail: "auto" };
const photo = { type: "image_url", image_url: { url: "https://example.com/a.png" } };

function written(from: WireName, to: WireName, said: readonly Exchange[], quirks: Quirks = {}): Record<string, unknown> {
  const ids = countingIds();
  const accepted = clients[from].accept(bodies[from](said), { ids, now: 0 });
  if ("failure" in accepted) throw new Error(accepted.failure.message);
  const { request } = mend(accepted.request, { quirks, ids, wire: to, inputEstimate: () => 1 });
  return providers[to].open(request, { ids, model: "m", maker: "lab/m", quirks }).body;
}

/** All that stands in a value under names that the language does not know. */
function ownIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name.startsWith("next_") ? [JSON.stringify([name, inner])] : ownIn(inner)));
}

const conversation = (body: Record<string, unknown>) => (body["messages"] ?? body["input"]) as readonly unknown[];

describe.each(wireNames)("what only its wire says of the parts of a conversation, of a client of %s", (from) => {
  it("goes on beside them on that wire", () => {
    fc.assert(
      fc.property(exchanges, (said) => {
        expect(ownIn(written(from, from, said)).sort()).toEqual(ownIn(bodies[from](said)).sort());
      }),
    );
  });

  it("goes on to no other wire, and to no server that refuses what it does not know", () => {
    fc.assert(
      fc.property(exchanges, (said) => {
        for (const to of wireNames) if (to !== from) expect(ownIn(written(from, to, said))).toEqual([]);
        expect(ownIn(written(from, from, said, { nativeFaults: ["unknown-parts"] }))).toEqual([]);
        expect(ownIn(written(from, from, said, { nativeFaults: ["unknown-fields"] }))).toEqual([]);
      }),
    );
  });

  it("stays as it is written when more is said", () => {
    fc.assert(
      fc.property(exchanges, (said) => {
        // Results and what the user says next may become one message.
        const before = said.length < 2 ? [] : conversation(written(from, from, said.slice(0, -1))).slice(0, -1);
        expect(conversation(written(from, from, said)).slice(0, before.length)).toEqual(before);
      }),
    );
  });
});
